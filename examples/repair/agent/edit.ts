/** A replacement of the characters from `start` (included) to `end` (excluded). */
export type Edit = { start: number; end: number; text: string };

const byStart = (a: Edit, b: Edit): number => a.start - b.start || a.end - b.end;

/** Whether two edits touch the same characters, or would insert at the same place. */
export const collide = (a: Edit, b: Edit): boolean =>
  a.start === b.start || (a.start < b.end && b.start < a.end);

/** The text with all edits made; their positions are those of the text before. They must not collide. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  let result = "";
  let at = 0;
  for (const edit of [...edits].sort(byStart)) {
    result += text.slice(at, edit.start) + edit.text;
    at = edit.end;
  }
  return result + text.slice(at);
}

/** The edits that lead back from `applyEdits(text, edits)` to `text`. */
export function inverseEdits(text: string, edits: readonly Edit[]): Edit[] {
  let shift = 0;
  return [...edits].sort(byStart).map((edit) => {
    const start = edit.start + shift;
    shift += edit.text.length - (edit.end - edit.start);
    return { start, end: start + edit.text.length, text: text.slice(edit.start, edit.end) };
  });
}
