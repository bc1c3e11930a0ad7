import { execFileSync } from "node:child_process";
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import type { WorkspaceSession } from "../../src/ports/workspace.ts";
import { type GitWorkspaceOptions, gitWorkspace } from "../../src/workspaces/index.ts";
import { tempDirectory } from "./temp.ts";

/** A file's text, `null` to remove it, a link, or a file with a mode. */
export type File = string | null | { link: string } | { text: string; mode: number };
export type Files = Readonly<Record<string, File>>;

/** A user's repository in a folder of its own, removed when the test ends. */
export type Repository = {
  path: string;
  /** Runs git there as a person would; returns what it printed, trimmed. */
  git(...args: string[]): string;
  /** Writes files and commits everything; returns the commit. */
  commit(files: Files, message?: string): string;
  write(files: Files): void;
};

const alone = (): Record<string, string> => ({
  ...(Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("GIT_"))) as Record<
    string,
    string
  >),
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_CONFIG_NOSYSTEM: "1",
  LC_ALL: "C",
});

/** Runs git in a folder, without the machine's own configuration. */
export const gitIn = (directory: string, ...args: readonly string[]): string =>
  execFileSync("git", [...args], { cwd: directory, env: alone(), encoding: "utf8", stdio: "pipe" }).trimEnd();

export function writeFiles(root: string, files: Files): void {
  for (const [name, file] of Object.entries(files)) put(join(root, name), file);
}

function put(path: string, file: File): void {
  rmSync(path, { recursive: true, force: true });
  if (file === null) return;
  mkdirSync(dirname(path), { recursive: true });
  if (typeof file === "string") writeFileSync(path, file);
  else if ("link" in file) symlinkSync(file.link, path);
  else writeFileSync(path, file.text);
  if (typeof file === "object" && "mode" in file) chmodSync(path, file.mode);
}

/** Every file below a folder with its content, links as `-> target`; what is called `.git` or `node_modules` is left out. */
export function filesIn(root: string, folder = ""): Record<string, string> {
  const found = readdirSync(join(root, folder))
    .filter((name) => name !== ".git" && name !== "node_modules")
    .map((name) => join(folder, name));
  return Object.assign({}, ...found.map((path) => contentOf(root, path)));
}

function contentOf(root: string, path: string): Record<string, string> {
  const full = join(root, path);
  const stat = lstatSync(full);
  if (stat.isSymbolicLink()) return { [path]: `-> ${readlinkSync(full)}` };
  return stat.isDirectory() ? filesIn(root, path) : { [path]: readFileSync(full, "utf8") };
}

/** A repository with these files committed on `main`; without files it has no commit. */
export function makeRepository(files: Files = {}, init: readonly string[] = []): Repository {
  const path = join(realpathSync(tempDirectory("repository")), "project");
  mkdirSync(path);
  const git = (...args: string[]) => gitIn(path, ...args);
  git("init", "--quiet", "--initial-branch=main", ...init);
  git("config", "user.name", "Ada");
  git("config", "user.email", "ada@example.org");
  const write = (written: Files) => writeFiles(path, written);
  const commit = (written: Files, message = "Start") => {
    write(written);
    git("add", "--all");
    git("commit", "--quiet", "--allow-empty", "-m", message);
    return git("rev-parse", "HEAD");
  };
  if (Object.keys(files).length > 0) commit(files);
  return { path, git, commit, write };
}

export type OpenOptions = GitWorkspaceOptions & { scratch?: string; runId?: string; directory?: string };

/** A scratch directory for one run, outside of any repository. */
export const makeScratch = (): string => realpathSync(tempDirectory("scratch"));

/** Opens a git workspace over a repository; with the same scratch directory, the same one again. */
export function openWorkspace(
  repository: Pick<Repository, "path">,
  options: OpenOptions = {},
): Promise<WorkspaceSession> {
  const { scratch = makeScratch(), runId = "run-1", directory = repository.path, ...rest } = options;
  return gitWorkspace(rest).open({ runId, directory, scratch });
}

/** The git face of a session that must have one. */
export function gitOf({ git }: WorkspaceSession): NonNullable<WorkspaceSession["git"]> {
  if (git === null) throw new Error("the session has no git face");
  return git;
}
