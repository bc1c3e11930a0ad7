import { messageCharsMax } from "./limits.ts";

/** Cuts a text to `max` characters, keeping head and tail and saying how much is gone. Half characters become U+FFFD. */
export function bounded(text: string, max: number = messageCharsMax): string {
  if (text.length <= max) return text.toWellFormed();
  const note = `\n… ${text.length - max} characters left out …\n`;
  const head = Math.ceil((max - note.length) / 2);
  const tail = Math.floor((max - note.length) / 2);
  return (text.slice(0, head) + note + text.slice(text.length - tail)).toWellFormed();
}

// Control characters but for newline and tab, bidirectional overrides, zero-width characters.
const hostile =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/** Makes hostile text harmless and visible in a terminal: escapes, bidi controls and zero-width characters become `\u{…}`. */
export const visible = (text: string): string =>
  text.replace(hostile, (char) => `\\u{${char.codePointAt(0)!.toString(16)}}`);
