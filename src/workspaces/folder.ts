import { chmod, copyFile, mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { borrow, cleanEnv, copyIndex, excludesOf, type Gate, newIndex } from "./gate.ts";
import { git } from "./git.ts";
import type { Marker } from "./marker.ts";
import { inOrigin, type Origin } from "./origin.ts";
import { leadsStraight } from "./provide.ts";
import { isFolder, isThere, removeTree } from "./remove.ts";
import { putInIndex, type Trees } from "./trees.ts";

/** Puts a folder there if there is none; what else the agent left in its place goes, a link without what it leads to. */
export async function ensureFolder(path: string): Promise<void> {
  if (await isFolder(path)) return;
  if (await isThere(path)) await removeTree(path);
  await mkdir(path, { recursive: true });
}

export type AgentGit = { path: string; origin: Origin; gate: Gate; user: Marker["user"] };

/**
 * Makes the repository that the agent's directory gets as its `.git`: it reads the objects of the user and of the gate,
 * and has no remote, no hook and none of the user's refs.
 */
export async function makeAgentGit({ path, origin, gate, user }: AgentGit): Promise<void> {
  const run = (args: readonly string[]) => git({ args, cwd: origin.top, env: cleanEnv() });
  const init = ["init", "--quiet", "--bare", "--initial-branch=main", "--template="];
  await run([...init, `--object-format=${origin.objectFormat}`, path]);
  await run(["config", "--file", join(path, "config"), "core.bare", "false"]);
  for (const [name, value] of Object.entries(user ?? {})) {
    await run(["config", "--file", join(path, "config"), `user.${name}`, value]);
  }
  await mkdir(join(path, "info"), { recursive: true });
  await writeFile(join(path, "info/exclude"), await excludesOf(origin));
  await borrow(origin, path, [join(gate.path, "objects")]);
}

/** Makes the agent's directory a linked worktree of the user's repository, at the base and on no branch. */
export async function linkWorktree(directory: string, { top }: Origin, commit: string): Promise<void> {
  await git(inOrigin(top, ["worktree", "prune"]));
  await git(
    inOrigin(top, ["worktree", "add", "--quiet", "--detach", "--no-checkout", "--force", directory, commit]),
  );
  await git(inOrigin(directory, ["reset", "--quiet"]));
}

/** Removes a linked worktree and what the user's repository knows of it. */
export async function unlinkWorktree(directory: string, top: string): Promise<void> {
  await removeTree(directory);
  if (await isFolder(top)) await git(inOrigin(top, ["worktree", "prune"]));
}

export type Reset = {
  trees: Trees;
  directory: string;
  base: Marker["base"];
  baseIndex: string;
  /** The agent's repository as it was made. */
  agentGit: string;
};

const alternates = "objects/info/alternates";

/**
 * Sets HEAD and index of the agent's own repository to the base, so that its `git status` tells the truth again, and lets
 * it read the base's objects. Only these files are replaced, and nothing that the agent wrote there is read or followed.
 */
export async function resetAgentGit({ trees, directory, base, baseIndex, agentGit }: Reset): Promise<void> {
  const folder = join(directory, ".git");
  const [index, head] = [newIndex(trees.gate), newIndex(trees.gate)];
  await copyIndex(baseIndex, index);
  const lines = trees.submodules.map(({ path, commit }) => ({ mode: "160000", id: commit, path }));
  if (lines.length > 0) await putInIndex(trees, index, lines);
  await writeFile(head, base.commit === null ? "ref: refs/heads/main\n" : `${base.commit}\n`);
  await rm(join(folder, "index.lock"), { recursive: true, force: true });
  await replace(index, join(folder, "index"));
  await replace(head, join(folder, "HEAD"));
  if (!(await leadsStraight(folder, alternates))) return;
  const lent = newIndex(trees.gate);
  await copyFile(join(agentGit, alternates), lent);
  await mkdir(join(folder, dirname(alternates)), { recursive: true });
  await replace(lent, join(folder, alternates));
}

async function replace(file: string, target: string): Promise<void> {
  if (await isFolder(target)) await removeTree(target);
  await rename(file, target);
}

/** Removes everything in the agent's directory but its own repository. */
export async function emptyFolder(directory: string): Promise<void> {
  await chmod(directory, 0o755);
  const names = await readdir(directory);
  await Promise.all(names.filter((name) => name !== ".git").map((name) => removeTree(join(directory, name))));
}
