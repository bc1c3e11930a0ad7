import { LoopwrightError, messageOf } from "../base/errors.ts";
import { git, lineOf, tryGit } from "./git.ts";
import { inOrigin, isUnborn } from "./origin.ts";

type Commit = { commit: string; tree: string; message: string };

/** A branch that cannot take the commit. Nothing was changed: `field` is "branch". */
export const refuseBranch = (message: string, fix: string): LoopwrightError =>
  new LoopwrightError({ code: "workspace", field: "branch", message, fix });

/** Commits of the user's repository, as `git log` is told to find them. */
export async function commits(top: string, args: readonly string[]): Promise<Commit[]> {
  const format = ["log", "-z", "--no-color", "--encoding=UTF-8", "--format=%H %T %B"];
  const records = (await git(inOrigin(top, [...format, ...args, "--"]))).toString().split("\0");
  return records.filter(Boolean).map((record) => {
    const [commit = "", tree = ""] = record.split(" ", 2);
    return { commit, tree, message: record.slice(commit.length + tree.length + 2) };
  });
}

/** Refuses what git does not take for the name of a branch. */
export async function refuseName(top: string, branch: string): Promise<void> {
  const { code } = await tryGit(inOrigin(top, ["check-ref-format", `refs/heads/${branch}`]));
  if (code === 0 && !branch.startsWith("-")) return;
  throw refuseBranch(
    `${JSON.stringify(branch)} is no name for a branch`,
    "name it like loopwright/fix-tests",
  );
}

/** Refuses a branch that somebody has checked out. */
export async function refuseCheckedOut(top: string, branch: string): Promise<void> {
  const listed = (await git(inOrigin(top, ["worktree", "list", "--porcelain", "-z"]))).toString();
  if (!listed.split("\0").includes(`branch refs/heads/${branch}`)) return;
  throw refuseBranch(
    `${branch} is checked out in ${top} or a worktree of it, and moving it would change what lies there`,
    "name another branch in the contract, or check out another one",
  );
}

/** The commit that a branch stands at, or `null` when there is none. Refuses a name that stands for another ref, and a damaged one. */
export async function tipOf(top: string, branch: string): Promise<string | null> {
  const ref = `refs/heads/${branch}`;
  const { code, stdout } = await tryGit(inOrigin(top, ["symbolic-ref", "--quiet", ref]));
  if (code === 0) {
    throw refuseBranch(`${branch} stands for ${lineOf(stdout)}`, "name another branch in the contract");
  }
  const tip = await tryGit(inOrigin(top, ["rev-parse", "--verify", "--quiet", `${ref}^{commit}`]));
  if (tip.code === 0) return lineOf(tip.stdout);
  if (await isUnborn(top, ref)) return null;
  throw refuseBranch(`${branch} cannot be read`, `run git fsck in ${top} and mend it`);
}

/** A look at a branch that may have moved. When it fails, what is thrown is no refusal: it leaves open what happened. */
export const orUnknown = <T>(branch: string, look: Promise<T>): Promise<T> =>
  look.catch((cause: unknown) => {
    throw new Error(`whether ${branch} moved could not be found out`, { cause });
  });

export type Move = { top: string; branch: string; commit: string; tip: string | null; key: string };

/**
 * Moves a branch from the commit it is known to stand at, and says whether it did: `false` when the branch stands
 * elsewhere by now. Refuses (field `branch`) a name below which, or as whose folder, another branch lies.
 */
export async function moveBranch({ top, branch, commit, tip, key }: Move): Promise<boolean> {
  // Nothing cancels this: a branch that moved or did not move is an answer, a killed command is none.
  const old = tip ?? "0".repeat(commit.length);
  const args = ["update-ref", "--no-deref", "-m", `loopwright: ${key}`, `refs/heads/${branch}`, commit, old];
  const refusal = await git(inOrigin(top, args)).then(
    () => null,
    (error: unknown) => error,
  );
  if (refusal === null) return true;
  const now = await orUnknown(branch, tipOf(top, branch));
  if (now === tip) throw whyNotMoved(branch, refusal);
  return now === commit;
}

// git keeps branches as files, so `a` and `a/b` cannot both be.
const whyNotMoved = (branch: string, refusal: unknown): unknown =>
  /exists; cannot create/.test(messageOf(refusal))
    ? refuseBranch(`${branch} cannot be made: ${messageOf(refusal)}`, "name another branch in the contract")
    : refusal;
