import { bounded, visible } from "../../base/text.ts";

/** Characters of one hostile value shown on one line. */
const lineCharsMax = 400;
/** Characters of a block of hostile output shown in full. */
const blockCharsMax = 8_000;

// As a terminal draws them: two columns for East Asian wide characters and emoji, none for combining marks.
const wide =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u;
const combining = /^\p{Mn}$/u;
const columnsOf = (char: string): number => (combining.test(char) ? 0 : wide.test(char) ? 2 : 1);

/** Columns that a text without colors takes. */
export const widthOf = (text: string): number => [...text].reduce((sum, char) => sum + columnsOf(char), 0);

/** Cuts a text without colors to so many columns; the last one then is an ellipsis. */
export function cut(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text;
  let kept = "";
  let used = 0;
  for (const char of text) {
    used += columnsOf(char);
    if (used > columns - 1) break;
    kept += char;
  }
  return columns < 1 ? "" : `${kept}…`;
}

/** Fills a text up with blanks to so many columns. */
export const padTo = (text: string, columns: number): string =>
  text + " ".repeat(Math.max(0, columns - widthOf(text)));

/** Hostile text as one harmless line. */
export function oneLine(text: string, max: number = lineCharsMax): string {
  const line = visible(text.slice(0, max * 4))
    .replace(/\s+/g, " ")
    .trim();
  return line.length <= max ? line : `${line.slice(0, max - 1)}…`;
}

/** Hostile text as harmless lines, bounded. */
export const block = (text: string, max: number = blockCharsMax): string[] =>
  visible(bounded(text, max)).replace(/\n+$/, "").split("\n");

/** Any JSON value of an agent or a tool as one harmless line. */
export const jsonText = (value: unknown, max?: number): string =>
  oneLine(JSON.stringify(value) ?? "null", max);

// What a terminal could act on and JSON leaves unescaped.
const unescaped = /[\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/** A value as one line of JSON that is harmless in a terminal. */
export const jsonLine = (value: unknown, indent?: number): string =>
  `${JSON.stringify(value, null, indent).replace(unescaped, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`)}\n`;

/** Wraps words to so many columns; a word longer than a line is left whole for the terminal to break. */
export function wrap(text: string, columns: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && widthOf(last) + 1 + widthOf(word) <= columns)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** A label and wrapped text beside it. */
export function labelled(
  label: string,
  text: string,
  { indent, columns }: { indent: number; columns: number },
): string[] {
  const lines = wrap(text, Math.max(20, columns - indent));
  return lines.map((line, i) => `${padTo(i === 0 ? label : "", indent)}${line}`.trimEnd());
}

const plain = /^[\w@%+=:,./-]+$/;

/** A word as a shell takes it. */
export const quoted = (word: string): string =>
  plain.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
