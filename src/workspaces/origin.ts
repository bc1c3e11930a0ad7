import { realpath } from "node:fs/promises";
import { join } from "node:path";
import { LoopwrightError } from "../base/errors.ts";
import { visible } from "../base/text.ts";
import { type GitAnswer, type GitCall, git, gitLine, lineOf, parts, toText, tryGit } from "./git.ts";
import { dirtyPathsShown } from "./limits.ts";
import { excluding } from "./pathspec.ts";
import { isFolder } from "./remove.ts";

/** The user's repository as it was found. Paths are absolute; `prefix` leads from `top` to the project ("" or "a/b/"). */
export type Origin = {
  top: string;
  prefix: string;
  objects: string;
  exclude: string;
  shallow: string;
  objectFormat: "sha1" | "sha256";
  commit: string | null;
};

const userEnv = (): Record<string, string> => ({
  ...(Object.fromEntries(
    Object.entries(process.env).filter(([name, value]) => !name.startsWith("GIT_") && value !== undefined),
  ) as Record<string, string>),
  LC_ALL: "C",
  GIT_TERMINAL_PROMPT: "0",
  GIT_OPTIONAL_LOCKS: "0",
});

const settings = [
  "core.hooksPath=/dev/null",
  "core.fsmonitor=false",
  "gc.auto=0",
  "log.showSignature=false",
  // What is said to be committed must outlast a power failure; git leaves that to chance.
  "core.fsync=committed,loose-object",
];

/** Asks or changes the user's repository under the user's own configuration, with hooks, monitors and upkeep off, and writes synced. */
export const inOrigin = (
  top: string,
  args: readonly string[],
  rest: Pick<GitCall, "input" | "signal"> = {},
): GitCall => ({
  args: [...settings.flatMap((setting) => ["-c", setting]), ...args],
  cwd: top,
  env: userEnv(),
  ...rest,
});

const refuse = (directory: string, message: string, fix: string): LoopwrightError =>
  new LoopwrightError({ code: "workspace", field: directory, message, fix });

function whyNoOrigin(directory: string, { stderr }: GitAnswer): LoopwrightError {
  if (/not a git repository/.test(stderr)) {
    return refuse(
      directory,
      `${directory} is not a git repository`,
      "name another project with --in, or run there: git init && git add -A && git commit -m start",
    );
  }
  if (/must be run in a work tree/.test(stderr)) {
    return refuse(
      directory,
      `${directory} has no files checked out (a bare repository, or inside .git)`,
      "name a checkout of it with --in",
    );
  }
  return refuse(
    directory,
    `git cannot read ${directory}: ${visible(stderr.trim())}`,
    "do what git says and try again",
  );
}

const questions = [
  "--show-toplevel",
  "--show-prefix",
  "--show-object-format",
  "--git-path=objects",
  "--git-path=info/exclude",
  "--git-path=shallow",
];

/** Finds the repository that a directory belongs to. Refuses a path that is not in the checkout of one. */
export async function findOrigin(directory: string, signal?: AbortSignal): Promise<Origin> {
  const real = await realpath(directory).catch(() => {
    throw refuse(directory, `${directory} does not exist`, "name an existing project with --in");
  });
  if (!(await isFolder(real))) {
    throw refuse(directory, `${directory} is no folder`, "name the folder of a project with --in");
  }
  const asked = questions.flatMap((question) => question.split("="));
  const answer = await tryGit(inOrigin(real, ["rev-parse", "--path-format=absolute", ...asked], { signal }));
  if (answer.code !== 0) throw whyNoOrigin(directory, answer);
  const [top = "", prefix = "", objectFormat, objects = "", exclude = "", shallow = ""] = lineOf(
    answer.stdout,
  ).split("\n");
  return {
    top,
    prefix,
    objectFormat: objectFormat === "sha256" ? "sha256" : "sha1",
    objects,
    exclude,
    shallow,
    commit: await headOf(top, signal),
  };
}

async function headOf(top: string, signal: AbortSignal | undefined): Promise<string | null> {
  const head = await tryGit(inOrigin(top, ["rev-parse", "--verify", "--quiet", "HEAD^{commit}"], { signal }));
  if (head.code === 0) return lineOf(head.stdout);
  const branch = await gitLine(inOrigin(top, ["symbolic-ref", "HEAD"], { signal }));
  if (await isUnborn(top, branch, signal)) return null;
  throw refuse(top, `${branch} of ${top} cannot be read`, "run git fsck there and mend it");
}

/** Whether there is no such ref at all. One that is there and cannot be read is damage, and not unborn. */
export async function isUnborn(top: string, ref: string, signal?: AbortSignal): Promise<boolean> {
  const args = ["for-each-ref", "--format=%(refname) %(objecttype)", ref];
  const { code, stdout, stderr } = await tryGit(inOrigin(top, args, { signal }));
  // Refs below a folder of that name are listed as well.
  return (
    code === 0 &&
    stderr === "" &&
    !stdout
      .toString()
      .split("\n")
      .some((line) => line.startsWith(`${ref} `))
  );
}

/** Refuses a checkout with changes that are not committed; ignored files and `provided` paths never count. */
export async function refuseDirty(
  { top }: Origin,
  provided: readonly string[],
  signal?: AbortSignal,
): Promise<void> {
  const args = ["status", "--porcelain", "-z", "--no-renames", "--ignore-submodules=dirty", "--", ":/"];
  const stdout = await git(inOrigin(top, [...args, ...excluding(provided)], { signal }));
  const paths = parts(stdout).map((entry) => visible(toText(entry.slice(3))));
  if (paths.length === 0) return;
  const more = paths.length > dirtyPathsShown ? ` and ${paths.length - dirtyPathsShown} more` : "";
  throw refuse(
    top,
    `${top} has changes that are not committed: ${paths.slice(0, dirtyPathsShown).join(", ")}${more}`,
    'commit or stash them, or write gitWorkspace({ dirty: "head" }) to leave them out, or "include" to start from them',
  );
}

/**
 * The tree that the user would commit with everything added, under the user's own filters and line endings. Its objects
 * go into `objects`, not into the user's repository, whose index stays as it is.
 */
export async function treeOfCheckout({ origin, objects, index, leftOut }: Collecting): Promise<string> {
  const { top, commit } = origin;
  const call = (args: readonly string[]): GitCall => {
    const { env, ...rest } = inOrigin(top, args);
    const places = {
      GIT_INDEX_FILE: index,
      GIT_OBJECT_DIRECTORY: objects,
      GIT_ALTERNATE_OBJECT_DIRECTORIES: origin.objects,
    };
    return { ...rest, env: { ...env, ...places } };
  };
  await git(call(commit === null ? ["read-tree", "--empty"] : ["read-tree", commit]));
  await git(call(["add", "--all", "--", ":/", ...excluding(leftOut)]));
  return gitLine(call(["write-tree"]));
}

type Collecting = { origin: Origin; objects: string; index: string; leftOut: readonly string[] };

const setting = async (top: string, args: readonly string[]): Promise<string | null> => {
  const answer = await tryGit(inOrigin(top, ["config", ...args]));
  return answer.code === 0 ? lineOf(answer.stdout) : null;
};

/** Who the user is to git; `null` where git was not told. */
export async function userOf({ top }: Origin): Promise<{ name: string; email: string } | null> {
  const [name, email] = await Promise.all([setting(top, ["user.name"]), setting(top, ["user.email"])]);
  return name === null || email === null || name === "" || email === "" ? null : { name, email };
}

/** The file of patterns that the user ignores everywhere; it need not exist. */
export async function userExcludes({ top }: Origin): Promise<string | null> {
  const { XDG_CONFIG_HOME, HOME } = process.env;
  const folder = XDG_CONFIG_HOME || (HOME ? join(HOME, ".config") : null);
  const told = await setting(top, ["--type=path", "core.excludesFile"]);
  return told ?? (folder === null ? null : join(folder, "git/ignore"));
}
