import { open, rm } from "node:fs/promises";
import { LoopwrightError } from "../base/errors.ts";
import type { WorkspaceGit } from "../ports/workspace.ts";
import {
  commits,
  moveBranch,
  orUnknown,
  refuseBranch,
  refuseCheckedOut,
  refuseName,
  tipOf,
} from "./branch.ts";
import { inGate, newIndex } from "./gate.ts";
import { git, gitLine } from "./git.ts";
import { carriesKey, carriesRun, commitMessage, grepFor } from "./message.ts";
import { inOrigin } from "./origin.ts";
import type { Work } from "./work.ts";

type Request = Parameters<WorkspaceGit["publish"]>[0];

/** Publishes verified trees as commits on branches of the user's repository. */
export const gitFace = (work: Work): WorkspaceGit => ({
  origin: work.marker.top,
  publish: (request) => publish(work, request),
  findPublished: (branch, key) => findPublished(work, branch, key),
});

/**
 * Commits a tree on a branch: objects first, then one compare-and-swap of the branch, so a kill in between leaves the
 * branch as it was, and of two attempts under one key only one can win. Called again with the same key it finds its commit.
 * Refuses (field `branch`) a branch that is checked out, is not of this run, or has moved.
 */
async function publish(
  work: Work,
  { tree, branch, message, key, signal }: Request,
): Promise<{ commit: string; branch: string }> {
  const { top, runId } = work.marker;
  await refuseName(top, branch);
  const text = commitMessage(message, { runId, key });
  // Looked for in the very commit that the branch is moved from, so nothing can slip in between.
  const tip = await tipOf(top, branch);
  const done = await findBelow(work, tip, key);
  if (done !== null) return sameTree(done, tree, branch);
  await refuseCheckedOut(top, branch);
  const parent = await parentFor(work, branch, tip);
  await refuseEmpty(work, tree, parent);
  const commit = await makeCommit(work, { tree, parent, text, signal });
  await bringObjects(work, { commit, parent, signal });
  if (await moveBranch({ top, branch, commit, tip, key })) return { commit, branch };
  // An earlier attempt under this key may have been slower than its host, and won.
  const earlier = await orUnknown(branch, findPublished(work, branch, key));
  if (earlier !== null) return sameTree(earlier, tree, branch);
  throw refuseBranch(
    `${branch} was moved by somebody else meanwhile`,
    "look at the branch, and rename or delete it, or name another in the contract",
  );
}

type Published = { commit: string; tree: string };

/** Looks on the branch, and then everywhere: it may have been merged elsewhere and deleted before anybody asked. */
async function findPublished(work: Work, branch: string, key: string): Promise<Published | null> {
  const { top } = work.marker;
  await refuseName(top, branch);
  return (await findBelow(work, await tipOf(top, branch), key)) ?? (await findBelow(work, "--all", key));
}

/** The commit from the base up to `tip` whose trailers carry this key. */
async function findBelow({ marker }: Work, tip: string | null, key: string): Promise<Published | null> {
  const { top, base } = marker;
  if (tip === null) return null;
  const since = base.commit === null ? [] : [`^${base.commit}`];
  const found = await commits(top, ["--fixed-strings", `--grep=${grepFor(key)}`, tip, ...since]);
  const commit = found.find(({ message }) => carriesKey(message, key));
  return commit === undefined ? null : { commit: commit.commit, tree: commit.tree };
}

function sameTree({ commit, tree }: Published, wanted: string, branch: string) {
  if (tree === wanted) return { commit, branch };
  throw refuseBranch(
    `${branch} already has the commit ${commit} of this effect, with another tree`,
    "abort the run and look at the branch",
  );
}

/** What the new commit stands on: the base, or the last commit of this run on that branch. */
async function parentFor(
  { marker: { top, base, runId } }: Work,
  branch: string,
  tip: string | null,
): Promise<string | null> {
  if (tip === null || tip === base.commit) return base.commit;
  const [last] = await commits(top, ["--max-count=1", tip]);
  if (last !== undefined && carriesRun(last.message, runId)) return tip;
  throw refuseBranch(
    `${branch} exists already and holds ${tip}, which is not of this run`,
    "delete or rename that branch, or name another in the contract",
  );
}

async function refuseEmpty(
  { trees, marker: { base } }: Work,
  tree: string,
  parent: string | null,
): Promise<void> {
  const before =
    parent === null
      ? base.tree
      : await gitLine(inGate(trees.gate, { args: ["rev-parse", "--verify", `${parent}^{tree}`] }));
  if (before !== tree) return;
  throw new LoopwrightError({
    code: "workspace",
    field: "tree",
    message: "there is nothing to commit: the verified tree is the one the branch already has",
    fix: "change something first, or claim done",
  });
}

const nobody = { name: "Loopwright", email: "loopwright@localhost" };

type Bringing = { commit: string; parent: string | null; signal: AbortSignal | undefined };
type NewCommit = { tree: string; parent: string | null; text: string; signal: AbortSignal | undefined };

function makeCommit({ trees, marker }: Work, { tree, parent, text, signal }: NewCommit): Promise<string> {
  const { name, email } = marker.user ?? nobody;
  const args = ["commit-tree", tree, ...(parent === null ? [] : ["-p", parent]), "-F", "-"];
  const call = inGate(trees.gate, { args, input: text, signal });
  const identity = {
    GIT_AUTHOR_NAME: name,
    GIT_AUTHOR_EMAIL: email,
    GIT_COMMITTER_NAME: name,
    GIT_COMMITTER_EMAIL: email,
  };
  return gitLine({ ...call, env: { ...call.env, ...identity } });
}

/** Writes a commit's objects into the user's repository, where nothing refers to them yet. */
async function bringObjects({ trees, marker }: Work, { commit, parent, signal }: Bringing): Promise<void> {
  const input = `${commit}\n${parent === null ? "" : `^${parent}\n`}`;
  const name = newIndex(trees.gate);
  const hash = await gitLine(
    inGate(trees.gate, { args: ["pack-objects", "--quiet", "--revs", name], input, signal }),
  );
  const pack = await open(`${name}-${hash}.pack`);
  try {
    await git({ ...inOrigin(marker.top, ["unpack-objects", "-q", "--strict"], { signal }), input: pack.fd });
  } finally {
    await pack.close();
    await Promise.all([rm(`${name}-${hash}.pack`), rm(`${name}-${hash}.idx`)]);
  }
}
