import { createHash, randomBytes } from "node:crypto";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { LoopwrightError } from "../base/errors.ts";
import { copyIndex, type Gate, inGate, newIndex, type Place } from "./gate.ts";
import { git, gitLine, parts, toBytes, toText } from "./git.ts";
import { nestingLimit } from "./limits.ts";
import { excluding } from "./pathspec.ts";
import { leadsStraight } from "./provide.ts";
import { isFolder } from "./remove.ts";
import { removeSpecials } from "./specials.ts";

/** A submodule of the base: its path in bytes, and the commit it stands at. */
export type Gitlink = { path: string; commit: string };

/**
 * Between directories and trees. Submodules stay out of every index, because git would run commands inside them under
 * whatever configuration lies there; they are put back into each tree by hand, as long as their folder is there.
 */
export type Trees = {
  gate: Gate;
  submodules: readonly Gitlink[];
  /** Paths from the top that are no part of any tree. */
  provided: readonly string[];
};

const submodule = "160000";

/** The lines that `update-index --index-info` reads. */
export type IndexLine = { mode: string; id: string; path: string };
export const removed = { mode: "0", id: "0".repeat(40) };

export async function putInIndex(
  { gate }: Pick<Trees, "gate">,
  index: string,
  lines: readonly IndexLine[],
): Promise<void> {
  const input = toBytes(lines.map(({ mode, id, path }) => `${mode} ${id}\t${path}\0`).join(""));
  await git(inGate(gate, { args: ["update-index", "-z", "--index-info"], index, input }));
}

/**
 * Brings the index of a place up to what lies there, and writes it as a tree. In the tree is what the index held before
 * and is still there, and everything else that is not ignored. A repository inside is taken as the plain files it holds.
 */
export async function writeTree(trees: Trees, place: Place, signal?: AbortSignal): Promise<string> {
  const { gate } = trees;
  await removeSpecials({ directory: place.directory, except: [".git", ...trees.provided], signal });
  const present = await presentSubmodules(trees, place.directory);
  const paths = [".", ...excluding([...trees.provided, ...present.map(({ path }) => toText(path))])];
  await openNested({ trees, place, paths, signal });
  await git(inGate(gate, { args: ["add", "--all", "--", ...paths], place, signal }));
  if (present.length === 0) return gitLine(inGate(gate, { args: ["write-tree"], place, signal }));
  return withIndex(gate, place.index, async (index) => {
    await putInIndex(trees, index, present.map(lineOf));
    return gitLine(inGate(gate, { args: ["write-tree"], index, signal }));
  });
}

const lineOf = ({ path, commit }: Gitlink): IndexLine => ({ mode: submodule, id: commit, path });

async function presentSubmodules({ submodules }: Trees, directory: string): Promise<Gitlink[]> {
  const paths = submodules.map(({ path }) => toText(path));
  const there = await Promise.all(
    paths.map(
      async (path) => (await leadsStraight(directory, path)) && (await isFolder(join(directory, path))),
    ),
  );
  return submodules.filter((_link, index) => there[index]);
}

/** Lends a copy of an index, or an empty one. */
export async function withIndex<T>(
  gate: Gate,
  from: string | null,
  use: (index: string) => Promise<T>,
): Promise<T> {
  const index = newIndex(gate);
  try {
    if (from !== null) await copyIndex(from, index);
    return await use(index);
  } finally {
    await rm(index, { force: true });
  }
}

type Opening = { trees: Trees; place: Place; paths: readonly string[]; signal: AbortSignal | undefined };

// git takes a folder with a .git of its own for one entry, and loses its files, unless the index already holds one of
// them. So it is given one that does not exist; `git add --all` drops it again.
async function openNested({ trees: { gate }, place, paths, signal }: Opening): Promise<void> {
  const args = ["ls-files", "--others", "--exclude-standard", "-z", "--", ...paths];
  for (let depth = 0; depth <= nestingLimit; depth += 1) {
    const others = parts(await git(inGate(gate, { args, place, signal })));
    const nested = others.filter((path) => path.endsWith("/"));
    if (nested.length === 0) return;
    await putInIndex(
      { gate },
      place.index,
      nested.map((folder) => probe(gate, folder)),
    );
  }
  throw new LoopwrightError({
    code: "workspace",
    message: `${place.directory} holds repositories inside repositories, more than ${nestingLimit} deep`,
    fix: "remove them or let .gitignore name them",
  });
}

const probe = ({ objectFormat }: Gate, folder: string): IndexLine => ({
  mode: "100644",
  id: createHash(objectFormat).update("blob 0\0").digest("hex"),
  path: `${folder}loopwright-${randomBytes(8).toString("hex")}`,
});

/** Makes the files of a place equal to a tree, whatever stands in the way; ignored files elsewhere stay. The index follows. */
export async function readTree(
  trees: Trees,
  place: Place,
  tree: string,
  signal?: AbortSignal,
): Promise<void> {
  const { plain, folders } = await withoutSubmodules(trees, tree);
  await git(inGate(trees.gate, { args: ["read-tree", "--reset", "-u", plain], place, signal }));
  await Promise.all(folders.map((path) => mkdir(join(place.directory, toText(path)), { recursive: true })));
}

/** The same tree without its submodules, and where they were. */
export async function withoutSubmodules(
  trees: Trees,
  tree: string,
): Promise<{ plain: string; folders: string[] }> {
  const { gate, submodules } = trees;
  if (submodules.length === 0) return { plain: tree, folders: [] };
  const found = (await submodulesIn(gate, tree)).map(({ path }) => path);
  return withIndex(gate, null, async (index) => {
    await git(inGate(gate, { args: ["read-tree", tree], index }));
    await putInIndex(
      trees,
      index,
      found.map((path) => ({ ...removed, path })),
    );
    return { plain: await gitLine(inGate(gate, { args: ["write-tree"], index })), folders: found };
  });
}

/** Every entry of a tree that is no folder. Paths are in bytes. */
export async function entriesOf(gate: Gate, tree: string): Promise<IndexLine[]> {
  const entries = parts(await git(inGate(gate, { args: ["ls-tree", "-r", "-z", "--full-tree", tree] })));
  return entries.map((entry) => {
    const tab = entry.indexOf("\t");
    const [mode = "", , id = ""] = entry.slice(0, tab).split(" ");
    return { mode, id, path: entry.slice(tab + 1) };
  });
}

/** The submodules of a tree. */
export async function submodulesIn(gate: Gate, tree: string): Promise<Gitlink[]> {
  const entries = await entriesOf(gate, tree);
  return entries.filter(({ mode }) => mode === submodule).map(({ path, id }) => ({ path, commit: id }));
}
