import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { LoopwrightError } from "../base/errors.ts";
import { emptyFolder, ensureFolder, resetAgentGit } from "./folder.ts";
import { copyIndex, inGate, type Place } from "./gate.ts";
import { git } from "./git.ts";
import type { Marker } from "./marker.ts";
import { copyWhole, leadsStraight } from "./provide.ts";
import { isFolder, isThere, removeTree } from "./remove.ts";
import { readTree, type Trees, withIndex, withoutSubmodules, writeTree } from "./trees.ts";

/** Where the parts of one run's workspace lie. */
export type Layout = {
  scratch: string;
  work: string;
  gate: string;
  /** The agent's `.git` as it was made, should the agent lose it. */
  agentGit: string;
  provided: string;
  checkouts: string;
  /** The index over `work` as it was with the base in it: every snapshot begins from it, so history plays no part. */
  baseIndex: string;
};

export const layoutOf = (scratch: string): Layout => ({
  scratch,
  work: join(scratch, "work"),
  gate: join(scratch, "gate.git"),
  agentGit: join(scratch, "agent.git"),
  provided: join(scratch, "provided"),
  checkouts: join(scratch, "checkouts"),
  baseIndex: join(scratch, "gate.git/base.index"),
});

export type Work = { layout: Layout; trees: Trees; marker: Marker };

/** Writes the agent's directory as a tree. The same files make the same tree, whatever was there in between. */
export async function snapshot({ layout, trees }: Work): Promise<string> {
  await ensureFolder(layout.work);
  return withIndex(trees.gate, layout.baseIndex, (index) =>
    writeTree(trees, { directory: layout.work, index }),
  );
}

/** Makes the agent's directory equal to a tree; ignored files stay unless nothing else helps. */
export async function restore(work: Work, tree: string): Promise<void> {
  const { layout, trees } = work;
  // Before anything is removed for it.
  await git(inGate(trees.gate, { args: ["rev-parse", "--quiet", "--verify", `${tree}^{tree}`] }));
  await ensureFolder(layout.work);
  const restored = await withIndex(trees.gate, layout.baseIndex, async (index) => {
    const place = { directory: layout.work, index };
    const there = await writeTree(trees, place).catch(() => null);
    if (there === tree) return false;
    await approach(work, place, tree);
    await keepBaseIndex(work, index);
    return true;
  });
  if (restored) await refit(work);
}

/** Puts everything around the tree in order: the agent's `.git`, the project's folder, what is provided. */
export async function refit(work: Work): Promise<void> {
  const { layout, trees, marker } = work;
  if (!marker.linked) {
    await ensureAgentGit(layout);
    const { work: directory, baseIndex, agentGit } = layout;
    await resetAgentGit({ trees, directory, base: marker.base, baseIndex, agentGit });
  }
  const project = projectIn(layout.work, marker.prefix);
  if (!(await isThere(project)) && (await leadsStraight(layout.work, marker.prefix))) {
    await mkdir(project, { recursive: true });
  }
  for (const path of marker.provided) {
    const to = join(layout.work, path);
    if ((await isThere(to)) || !(await leadsStraight(layout.work, path))) continue;
    await copyWhole({ from: join(layout.provided, path), to, spare: layout.scratch });
  }
}

async function ensureAgentGit({ work, agentGit, scratch }: Layout): Promise<void> {
  const folder = join(work, ".git");
  if (await isFolder(folder)) return;
  if (await isThere(folder)) await removeTree(folder);
  await copyWhole({ from: agentGit, to: folder, spare: scratch });
}

// A file that was ignored before may be none any more in the tree that came back: then it takes a second reading. What
// two readings cannot do (folders without permissions, names that git refuses) takes an empty folder.
async function approach({ trees, layout }: Work, place: Place, tree: string): Promise<void> {
  for (const emptied of [false, false, true]) {
    if (emptied) await emptyFolder(layout.work);
    const reached = await readTree(trees, place, tree)
      .then(() => writeTree(trees, place))
      .catch((error: unknown) => {
        if (emptied) throw error;
        return null;
      });
    if (reached === tree) return;
  }
  throw new LoopwrightError({
    code: "workspace",
    message: `${layout.work} could not be made equal to the tree ${tree}`,
    fix: "see that no process is still writing there, and resume the run",
  });
}

/** Keeps what an index knows about files that are as in the base; a base index tells nothing else. */
export async function keepBaseIndex({ trees, layout, marker }: Work, index: string): Promise<void> {
  const place = { directory: layout.work, index };
  const { plain } = await withoutSubmodules(trees, marker.base.tree);
  await git(inGate(trees.gate, { args: ["read-tree", "-m", plain], place }));
  await copyIndex(index, layout.baseIndex);
}

/** The user's project inside the agent's directory. */
export const projectIn = (directory: string, prefix: string): string => resolve(directory, prefix);
