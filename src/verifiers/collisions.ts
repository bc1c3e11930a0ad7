import { readdir } from "node:fs/promises";
import { posix } from "node:path";
import type { Change } from "../ports/workspace.ts";
import { endsOf, folded } from "./paths.ts";

export type Collision = { path: string; other: string };

/** Paths among the changes, folders included, that differ from one another only by case or Unicode form. */
export function collisionsAmong(changes: readonly Change[]): Collision[] {
  const seen = new Map<string, string>();
  return changes
    .flatMap(endsOf)
    .flatMap(prefixes)
    .flatMap((path) => {
      const other = seen.get(folded(path));
      if (other === undefined) seen.set(folded(path), path);
      return other === undefined || other === path ? [] : [{ path, other }];
    });
}

/** Changed paths that differ only by case or Unicode form from something else that lies in the checkout. */
export async function collisionsIn(root: string, changes: readonly Change[]): Promise<Collision[]> {
  const present = changes.filter(({ kind }) => kind === "added" || kind === "renamed");
  const paths = [...new Set(present.flatMap(({ path }) => prefixes(path)))];
  return (await Promise.all(paths.map((path) => twinsOf(root, path)))).flat();
}

async function twinsOf(root: string, path: string): Promise<Collision[]> {
  const { dir, base } = posix.parse(path);
  const names = await readdir(posix.join(root, dir)).catch((): string[] => []);
  return names
    .filter((name) => name !== base && folded(name) === folded(base))
    .map((name) => ({ path, other: posix.join(dir, name) }));
}

const prefixes = (path: string): string[] =>
  path.split("/").map((_part, index, parts) => parts.slice(0, index + 1).join("/"));
