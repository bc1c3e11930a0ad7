import { z } from "zod";
import { isLoopwrightError, LoopwrightError, messageOf } from "../base/errors.ts";
import type { Json } from "../ports/json.ts";
import type { ErrorClass, Tool, ToolContext } from "../ports/tool.ts";
import type { WorkspaceGit } from "../ports/workspace.ts";
import { defineTool } from "./define-tool.ts";
import { NotApplied } from "./not-applied.ts";

export type GitCommitOptions = {
  /** The branch of the user's repository that the commit comes to: a name, or one made from the run's id. */
  branch: string | ((runId: string) => string);
  /** Name of the tool; default `git.commit`. */
  name?: string;
};

const Input = z.strictObject({
  message: z.string().trim().min(1).max(4_000).describe("The commit message."),
});
type Input = z.output<typeof Input>;

/**
 * After this long a git command that a killed host left behind has moved the branch or never will: it is one rename of a
 * file. And should it be later still, it and the next attempt move the branch from the same expected commit, so only one can.
 */
const settlesWithinMs = 5_000;

/** Objects are written and packed first, which takes long in a large repository only. */
const timeoutMs = 5 * 60_000;

/**
 * The tool that commits the verified tree to a branch of the user's repository. A write whose commit carries the effect's
 * key, so what became of it can always be found out. Refuses when there is no git workspace or no verified tree, and a
 * branch that is checked out, not of this run, or moved.
 */
export function gitCommit({ branch, name = "git.commit" }: GitCommitOptions): Tool<Input> {
  if (typeof branch !== "function") refuseOddName(branch);
  const place = (context: ToolContext) => whereTo(context, branch);
  return defineTool({
    name,
    description: "Commits the verified state of the workspace to a branch of the user's repository.",
    input: Input,
    effect: "write",
    repeat: "reconcile",
    settlesWithinMs,
    timeoutMs,
    execute: ({ message }, context) => publish(place(context), message, context),
    reconcile: async (_input, context) => {
      const { git, branch: to } = place(context);
      const found = await git.findPublished(to, context.key);
      return found === null
        ? { found: "absent" }
        : { found: "applied", result: resultOf(found.commit, to, found.tree) };
    },
    confirm: async (_input, _result, context) => {
      const { git, branch: to, tree } = place(context);
      return (await git.findPublished(to, context.key))?.tree === tree;
    },
  });
}

type Place = { git: WorkspaceGit; branch: string; tree: string };

const refuse = (message: string, cause?: unknown): NotApplied =>
  new NotApplied(message, { errorClass: "invalidArguments", cause });

function whereTo({ workspace, tree, runId }: ToolContext, branch: GitCommitOptions["branch"]): Place {
  const git = workspace?.git ?? null;
  if (git === null) throw refuse("there is no git workspace to commit from");
  if (tree === null) throw refuse("there is no verified tree to commit");
  return { git, tree, branch: typeof branch === "string" ? branch : branchFor(runId, branch) };
}

function branchFor(runId: string, nameOf: (runId: string) => string): string {
  try {
    const name: unknown = nameOf(runId);
    refuseOddName(name);
    return name;
  } catch (error) {
    throw refuse(`no branch could be named for this run: ${messageOf(error)}`, error);
  }
}

const resultOf = (commit: string, branch: string, tree: string): Json => ({ commit, branch, tree });

async function publish({ git, branch, tree }: Place, message: string, context: ToolContext): Promise<Json> {
  try {
    const { commit } = await git.publish({ tree, branch, message, key: context.key, signal: context.signal });
    return resultOf(commit, branch, tree);
  } catch (error) {
    // What the workspace refuses in words it has not done; anything else leaves the question open.
    if (!isLoopwrightError(error)) throw error;
    throw new NotApplied(`${error.message}; ${error.fix}`, { errorClass: classOf(error), cause: error });
  }
}

function classOf({ field }: LoopwrightError): ErrorClass {
  if (field === "branch") return "conflict";
  return field === "tree" ? "invalidArguments" : "internal";
}

// The rules of `git check-ref-format`, as far as they can be told before there is a repository.
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const odd = /^[-/]|[\u0000- ~^:?*[\\\u007f]|\.\.|\/\/|@\{|(^|\/)\.|\.lock(\/|$)|[./]$|^@?$/;

function refuseOddName(branch: unknown): asserts branch is string {
  if (typeof branch === "string" && !odd.test(branch)) return;
  throw new LoopwrightError({
    code: "contract",
    field: "branch",
    message: `gitCommit: ${JSON.stringify(branch) ?? typeof branch} is no name for a branch`,
    fix: 'name it like branch: "loopwright/fix-tests", or write a function from the run id to a name',
  });
}
