import { lstat, readFile, realpath, rm } from "node:fs/promises";
import { dirname, join, sep } from "node:path";
import type { ReportFile } from "../execution.ts";
import { reportBytesMax } from "../limits.ts";

/**
 * A report that a test command writes into its checkout. What lies at its place before is removed, so that no report
 * from the tree is ever read; afterwards it is read and removed. Links, and more than `reportBytesMax`, are not read.
 */
export function reportFile(path: string): ReportFile {
  return {
    clear: async (root) => {
      if (await liesInside(root, path)) await rm(join(root, path), { force: true, recursive: true });
    },
    take: async (root) => {
      if (!(await liesInside(root, path))) return null;
      const file = join(root, path);
      const text = await textOf(file);
      await rm(file, { force: true, recursive: true });
      return text;
    },
  };
}

async function textOf(file: string): Promise<string | null> {
  const found = await lstat(file).catch(() => null);
  return found?.isFile() === true && found.size <= reportBytesMax ? readFile(file, "utf8") : null;
}

// A folder of the tree could be a link, and then the file behind it is not ours to read or remove.
async function liesInside(root: string, path: string): Promise<boolean> {
  const folder = await realpath(dirname(join(root, path))).catch(() => null);
  return folder !== null && (folder === root || folder.startsWith(root + sep));
}
