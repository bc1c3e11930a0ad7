import picomatch from "picomatch";
import type { Change } from "../ports/workspace.ts";

/** Both ends of a change: where the path was and where it is. */
export const endsOf = ({ path, from }: Change): string[] => (from === undefined ? [path] : [from, path]);

/** Whether a path lies within globs, spelled exactly. */
export function within(globs: readonly string[]): (path: string) => boolean {
  const match = picomatch([...globs], { dot: true, nocase: false });
  return globs.length === 0 ? () => false : (path) => match(path);
}

/** Whether a path may be meant by globs that forbid: spelled in other case or another Unicode form it is the same file on some systems. */
export function touches(globs: readonly string[]): (path: string) => boolean {
  const match = picomatch(
    globs.map((glob) => glob.normalize("NFC")),
    { dot: true, nocase: true },
  );
  return globs.length === 0 ? () => false : (path) => match(path.normalize("NFC"));
}

/** A path as a file system that ignores case and Unicode form sees it. */
export const folded = (path: string): string => path.normalize("NFC").toLowerCase().normalize("NFC");

// Code points that HFS+ drops from names.
const ignorable = /[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/g;

/** Why a path is none that an agent may touch, whatever the globs say; `null` when nothing is wrong with it. */
export function trickIn(path: string): string | null {
  const parts = path.split("/");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  if (/[\u0000-\u001f\u007f\\]/.test(path)) return "has a backslash or a control character in its name";
  if (parts.some((part) => part === "" || part === "." || part === ".."))
    return "is not a plain path inside the tree";
  if (parts.some(isGitFolder)) return "reaches into a .git folder";
  if (parts.some((part) => /[. ]$/.test(part))) return "has a name that ends with a dot or a space";
  return null;
}

function isGitFolder(part: string): boolean {
  const name = part
    .replace(ignorable, "")
    .normalize("NFKC")
    .toLowerCase()
    .replace(/:.*$/, "")
    .replace(/[. ]+$/, "");
  return name === ".git" || name === "git~1";
}
