import { open } from "node:fs/promises";
import { join } from "node:path";
import { LoopwrightError } from "../base/errors.ts";
import type { WorkspaceGit } from "../ports/workspace.ts";
import { inGate } from "./gate.ts";
import { type GitCall, git, gitLine, lineOf, tryGit } from "./git.ts";
import { carriesKey, carriesRun, commitMessage, grepFor } from "./message.ts";
import { inOrigin } from "./origin.ts";
import type { Work } from "./work.ts";

type Request = Parameters<WorkspaceGit["publish"]>[0];
type Commit = { commit: string; tree: string; message: string };

/** A branch that cannot take the commit. Nothing was changed: `field` is "branch". */
const refuseBranch = (message: string, fix: string): LoopwrightError =>
  new LoopwrightError({ code: "workspace", field: "branch", message, fix });

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
async function publish(work: Work, { tree, branch, message, key, signal }: Request): Promise<{ commit: string; branch: string }> {
  const { top, runId } = work.marker;
  await refuseName(top, branch);
  const text = commitMessage(message, { runId, key });
  const done = await findPublished(work, branch, key);
  if (done !== null) return sameTree(done, tree, branch);
  await refuseCheckedOut(top, branch);
  const tip = await tipOf(top, branch);
  const parent = await parentFor(work, branch, tip);
  await refuseEmpty(work, tree, parent);
  const commit = await makeCommit(work, { tree, parent, text, signal });
  await bringObjects(work, commit, parent, signal);
  await moveBranch({ top, branch, commit, tip, key });
  return { commit, branch };
}

/** The commit on `branch` since the base whose trailers carry this key. */
async function findPublished({ marker }: Work, branch: string, key: string): Promise<{ commit: string; tree: string } | null> {
  const { top, base } = marker;
  await refuseName(top, branch);
  const tip = await tipOf(top, branch);
  if (tip === null) return null;
  const since = base.commit === null ? [] : [`^${base.commit}`];
  const found = await commits(top, ["--fixed-strings", `--grep=${grepFor(key)}`, tip, ...since]);
  const commit = found.find(({ message }) => carriesKey(message, key));
  return commit === undefined ? null : { commit: commit.commit, tree: commit.tree };
}

async function commits(top: string, args: readonly string[]): Promise<Commit[]> {
  const format = ["log", "-z", "--no-color", "--encoding=UTF-8", "--format=%H %T %B"];
  const records = (await git(inOrigin(top, [...format, ...args, "--"]))).toString().split("\0");
  return records.filter(Boolean).map((record) => {
    const [commit = "", tree = ""] = record.split(" ", 2);
    return { commit, tree, message: record.slice(commit.length + tree.length + 2) };
  });
}

function sameTree({ commit, tree }: { commit: string; tree: string }, wanted: string, branch: string) {
  if (tree === wanted) return { commit, branch };
  throw refuseBranch(
    `${branch} already has the commit ${commit} of this effect, with another tree`,
    "abort the run and look at the branch",
  );
}

async function refuseName(top: string, branch: string): Promise<void> {
  const { code } = await tryGit(inOrigin(top, ["check-ref-format", `refs/heads/${branch}`]));
  if (code === 0 && !branch.startsWith("-")) return;
  throw refuseBranch(`${JSON.stringify(branch)} is no name for a branch`, "name it like loopwright/fix-tests");
}

async function refuseCheckedOut(top: string, branch: string): Promise<void> {
  const listed = (await git(inOrigin(top, ["worktree", "list", "--porcelain", "-z"]))).toString();
  if (!listed.split("\0").includes(`branch refs/heads/${branch}`)) return;
  throw refuseBranch(
    `${branch} is checked out in ${top} or a worktree of it, and moving it would change what lies there`,
    "name another branch in the contract, or check out another one",
  );
}

/** The commit that a branch stands at, or `null` when there is none. Refuses a name that stands for another ref. */
async function tipOf(top: string, branch: string): Promise<string | null> {
  const ref = `refs/heads/${branch}`;
  const { code, stdout } = await tryGit(inOrigin(top, ["symbolic-ref", "--quiet", ref]));
  if (code === 0) {
    throw refuseBranch(`${branch} stands for ${lineOf(stdout)}`, "name another branch in the contract");
  }
  const tip = await tryGit(inOrigin(top, ["rev-parse", "--verify", "--quiet", `${ref}^{commit}`]));
  return tip.code === 0 ? lineOf(tip.stdout) : null;
}

/** What the new commit stands on: the base, or the last commit of this run on that branch. */
async function parentFor({ marker: { top, base, runId } }: Work, branch: string, tip: string | null): Promise<string | null> {
  if (tip === null || tip === base.commit) return base.commit;
  const [last] = await commits(top, ["--max-count=1", tip]);
  if (last !== undefined && carriesRun(last.message, runId)) return tip;
  throw refuseBranch(
    `${branch} exists already and holds ${tip}, which is not of this run`,
    "delete or rename that branch, or name another in the contract",
  );
}

async function refuseEmpty({ trees, marker: { base } }: Work, tree: string, parent: string | null): Promise<void> {
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
async function bringObjects({ trees, marker }: Work, commit: string, parent: string | null, signal?: AbortSignal): Promise<void> {
  const input = `${commit}\n${parent === null ? "" : `^${parent}\n`}`;
  const name = join(trees.gate.path, "indexes", "published");
  const hash = await gitLine(inGate(trees.gate, { args: ["pack-objects", "--quiet", "--revs", name], input, signal }));
  const pack = await open(`${name}-${hash}.pack`);
  try {
    await git({ ...inOrigin(marker.top, ["unpack-objects", "-q", "--strict"], { signal }), inputFile: pack.fd } as GitCall);
  } finally {
    await pack.close();
  }
}

type Move = { top: string; branch: string; commit: string; tip: string | null; key: string };

// From here on nothing is cancelled: a branch that moved or did not move is an answer, a killed command is none.
async function moveBranch({ top, branch, commit, tip, key }: Move): Promise<void> {
  const old = tip ?? "0".repeat(commit.length);
  const args = ["update-ref", "--no-deref", "-m", `loopwright: ${key}`, `refs/heads/${branch}`, commit, old];
  const moved = await git(inOrigin(top, args)).catch((error: unknown) => error);
  const now = await tipOf(top, branch);
  if (now === commit) return;
  if (now === tip) throw moved;
  throw refuseBranch(
    `${branch} was moved by somebody else meanwhile, from ${tip ?? "nothing"} to ${now ?? "nothing"}`,
    "look at the branch, and rename or delete it, or name another in the contract",
  );
}
