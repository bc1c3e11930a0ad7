// Comma-separated values as in RFC 4180: quotes may hold commas, line breaks and doubled quotes.

/** Reads CSV text into rows of fields. A line break at the end adds no row. */
export function parseCsv(text) {
  const rows = [];
  let row = [];
  let field = '';
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at];
    if (quoted) {
      if (char !== '"') field += char;
      else if (text[at + 1] === '"') {
        field += '"';
        at += 1;
      } else quoted = false;
    } else if (char === '"') quoted = true;
    else if (char === ',') {
      row.push(field);
      field = '';
    } else if (char === '\n') {
      row.push(field);
      rows.push(row);
      row = [];
      field = '';
    } else if (char !== '\r') field += char;
  }
  if (field !== '' || row.length > 0) {
    row.push(field);
    rows.push(row);
  }
  return rows;
}

/** Reads CSV text whose first row names the fields into records. */
export function parseRecords(text) {
  const [header = [], ...rows] = parseCsv(text);
  return rows.map((row) => Object.fromEntries(header.map((name, column) => [name, row[column] ?? ''])));
}

const quote = (field) => (/[",\r\n]/.test(field) ? `"${field.replaceAll('""', '"')}"` : field);

/** Writes rows of fields as CSV text. */
export function formatCsv(rows) {
  return rows.map((row) => `${row.map(quote).join(',')}\n`).join('');
}
