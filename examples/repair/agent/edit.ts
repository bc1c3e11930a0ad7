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

/** The one edit that makes `to` of `from`, without the head and tail that both share. */
export function difference(from: string, to: string): Edit {
  const shortest = Math.min(from.length, to.length);
  let head = 0;
  while (head < shortest && from[head] === to[head]) head += 1;
  let tail = 0;
  while (tail < shortest - head && from.at(-1 - tail) === to.at(-1 - tail)) tail += 1;
  return { start: head, end: from.length - tail, text: to.slice(head, to.length - tail) };
}

/** Where an edit lies after another one was made; `null` when that one changed the same characters. */
export function moved(edit: Edit, made: Edit): Edit | null {
  if (edit.end < made.start) return edit;
  if (edit.start <= made.end) return null;
  const shift = made.text.length - (made.end - made.start);
  return { ...edit, start: edit.start + shift, end: edit.end + shift };
}
