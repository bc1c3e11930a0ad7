import { lstat, readFile } from "node:fs/promises";
import { posix } from "node:path";
import { canonicalJson } from "../base/digest.ts";
import type { Change } from "../ports/workspace.ts";
import { endsOf } from "./paths.ts";

/** The paths of package.json files among the changes. */
export const packageFiles = (changes: readonly Change[]): string[] => [
  ...new Set(changes.flatMap(endsOf).filter((path) => posix.basename(path).toLowerCase() === "package.json")),
];

/**
 * Says what is wrong with the scripts of a package.json that is on the base: they must be there and be the same.
 * A package.json that is new may bring scripts of its own.
 */
export async function changedScripts(base: string, now: string, path: string): Promise<string[]> {
  const before = await scriptsIn(base, path);
  if (before === null) return [];
  return (await scriptsIn(now, path)) === before ? [] : [`the scripts of ${path} were changed`];
}

/** The scripts as canonical JSON; `null` when there is no such file, and a text no JSON has when it cannot be read. */
async function scriptsIn(root: string, path: string): Promise<string | null> {
  const file = posix.join(root, path);
  const found = await lstat(file).catch(() => null);
  if (found === null) return null;
  if (!found.isFile()) return "not a file";
  try {
    return canonicalJson((JSON.parse(await readFile(file, "utf8")) as { scripts?: unknown }).scripts ?? {});
  } catch {
    return "not JSON";
  }
}
