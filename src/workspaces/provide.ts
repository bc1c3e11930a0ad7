import { randomBytes } from "node:crypto";
import { mkdir, readdir, readlink, realpath, rename, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { LoopwrightError } from "../base/errors.ts";
import { visible } from "../base/text.ts";
import { runOwn } from "./child.ts";
import { copyTimeoutMs, gitWordsMax } from "./limits.ts";
import { isFolder, isThere, removeTree } from "./remove.ts";

/** `spare`: a folder on the same file system, for what is not complete yet. */
type Copy = { from: string; to: string; spare: string; signal?: AbortSignal | undefined };

/** Copies a file or folder whole: it appears under its name only once it is complete. Links in it stay links. */
export async function copyWhole({ from, to, spare, signal }: Copy): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  const unfinished = join(spare, `copy-${randomBytes(8).toString("hex")}`);
  const answer = await runOwn({
    // Shares the blocks where the file system can, and is several times faster than copying file by file from here.
    command: ["cp", "-a", await realpath(from), unfinished],
    cwd: spare,
    env: { PATH: process.env.PATH ?? "", LC_ALL: "C" },
    timeoutMs: copyTimeoutMs,
    bytesMax: gitWordsMax,
    signal,
  });
  if (answer.code === 0) return rename(unfinished, to);
  await removeTree(unfinished);
  throw new LoopwrightError({
    code: "workspace",
    field: from,
    message: `${from} could not be copied: ${visible(answer.stderr.slice(0, gitWordsMax).trim() || "it took too long")}`,
    fix: "make room or mend it, or leave it out of gitWorkspace({ provide })",
  });
}

/**
 * Gives a checkout what is provided: folders of its own whose entries are links, so that a check can add entries without
 * others seeing them. Links found there are made again, not followed: in a monorepo they lead to the checkout's own packages.
 */
export async function linkProvided(from: string, to: string): Promise<void> {
  if (await isThere(to)) return;
  await mkdir(dirname(to), { recursive: true });
  if (!(await isFolder(from))) return symlink(from, to);
  await mkdir(to);
  const entries = await readdir(from, { withFileTypes: true });
  await Promise.all(
    entries.map(async (entry) => {
      const [source, target] = [join(from, entry.name), join(to, entry.name)];
      if (entry.isSymbolicLink()) return symlink(await readlink(source), target);
      // Scoped packages lie one level deeper.
      return entry.isDirectory() && entry.name.startsWith("@")
        ? linkProvided(source, target)
        : symlink(source, target);
    }),
  );
}

/** Whether a path below `root` leads through folders only: a link on the way could lead out. Folders may be missing. */
export async function leadsStraight(root: string, path: string): Promise<boolean> {
  const names = path.split("/").slice(0, -1);
  const folders = names.map((_name, index) => join(root, ...names.slice(0, index + 1)));
  const found = await Promise.all(
    folders.map(async (folder) => (await isFolder(folder)) || !(await isThere(folder))),
  );
  return found.every(Boolean);
}
