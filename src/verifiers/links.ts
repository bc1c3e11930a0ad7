import { readlink, realpath } from "node:fs/promises";
import { posix, sep } from "node:path";

/** Whether a symbolic link of the checkout leads out of it, by its text or through other links. */
export async function leadsOut(root: string, path: string): Promise<boolean> {
  const target = await readlink(posix.join(root, path)).catch(() => null);
  // Not a link after all: then it leads nowhere.
  if (target === null) return false;
  const place = posix.normalize(posix.join(posix.dirname(path), target));
  if (posix.isAbsolute(target) || place.split("/").some((part) => part === ".." || part === ".git"))
    return true;
  const [real, realRoot] = await Promise.all([
    realpath(posix.join(root, path)).catch(() => null),
    realpath(root),
  ]);
  return real !== null && real !== realRoot && !real.startsWith(realRoot + sep);
}
