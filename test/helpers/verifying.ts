import { execFileSync } from "node:child_process";
import { cpSync, globSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Clock } from "../../src/base/clock.ts";
import type { ProcessRunner } from "../../src/ports/process.ts";
import type { Evidence, Verifier, VerifyRequest } from "../../src/ports/verifier.ts";
import type { Change, Checkout, WorkspaceSession } from "../../src/ports/workspace.ts";
import { openProcesses } from "../../src/process/index.ts";
import { openContext } from "../../src/verifiers/context.ts";

/** A file's text; `null` removes it. Links and modes are made by the test itself in `project.path`. */
export type Files = Readonly<Record<string, string | null>>;

export type Project = {
  path: string;
  /** Writes files and returns the tree they make with what is there. */
  write(files: Files): string;
  snapshot(): string;
  session(base: string): WorkspaceSession;
  processes: ProcessRunner;
  remembered: Map<string, string>;
  /** Directories of checkouts made and not disposed of. */
  open: Set<string>;
  close(): Promise<void>;
};

/** A scratch git repository with a session over it that makes real checkouts of real trees. */
export function openProject(files: Files = {}): Project {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "verifying-")));
  const path = join(root, "project");
  const processes = openProcesses({ registryDirectory: join(root, "processes") });
  const open = new Set<string>();
  mkdirSync(path);
  git(path, ["init", "--quiet"]);
  const write = (written: Files): string => {
    for (const [name, text] of Object.entries(written)) put(join(path, name), text);
    return snapshotOf(path, path);
  };
  write(files);
  return {
    path,
    write,
    snapshot: () => snapshotOf(path, path),
    session: (base) => sessionOf({ path, root, base, open }),
    processes,
    remembered: new Map(),
    open,
    close: async () => {
      await processes.close();
      rmSync(root, { recursive: true, force: true });
    },
  };
}

function put(path: string, text: string | null): void {
  rmSync(path, { recursive: true, force: true });
  if (text === null) return;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

const git = (cwd: string, args: readonly string[], env: Record<string, string> = {}): string =>
  execFileSync("git", ["-c", "core.autocrlf=false", ...args], {
    cwd,
    env: { PATH: process.env.PATH ?? "", HOME: "/nonexistent", ...env },
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });

let number = 0;
function withIndex<T>(repository: string, use: (env: Record<string, string>) => T): T {
  const index = join(repository, ".git", `index-${process.pid}-${++number}`);
  try {
    return use({ GIT_INDEX_FILE: index, GIT_DIR: join(repository, ".git") });
  } finally {
    rmSync(index, { force: true });
  }
}

const snapshotOf = (repository: string, directory: string): string =>
  withIndex(repository, (env) => {
    const there = { ...env, GIT_WORK_TREE: directory };
    git(directory, ["add", "--all", "."], there);
    return git(directory, ["write-tree"], there).trim();
  });

function extract(repository: string, tree: string, directory: string): void {
  mkdirSync(directory, { recursive: true });
  withIndex(repository, (env) => {
    git(directory, ["read-tree", tree], env);
    git(directory, ["checkout-index", "--all", "--force", `--prefix=${directory}/`], env);
  });
}

type Opened = { path: string; root: string; base: string; open: Set<string> };

function sessionOf({ path, root, base, open }: Opened): WorkspaceSession {
  const unused = (): never => {
    throw new Error("verifiers do not use this");
  };
  return {
    path,
    base: { tree: base, commit: null },
    snapshot: async () => snapshotOf(path, path),
    restore: unused,
    checkout: async (tree, options = {}) => {
      const directory = mkdtempSync(join(root, "checkout-"));
      extract(path, tree, directory);
      restoreBase({ path, root, base, directory, globs: options.restoreFromBase ?? [] });
      open.add(directory);
      return checkoutOf({ repository: path, directory, tree, open });
    },
    changes: async (from, to) => changesOf(path, from, to),
    diff: unused,
    git: null,
    close: async () => {},
  };
}

type Restored = { path: string; root: string; base: string; directory: string; globs: readonly string[] };

function restoreBase({ path, root, base, directory, globs }: Restored): void {
  if (globs.length === 0) return;
  const original = mkdtempSync(join(root, "base-"));
  extract(path, base, original);
  const files = (cwd: string) =>
    globSync([...globs], { cwd, withFileTypes: true }).filter((entry) => entry.isFile());
  for (const entry of files(directory)) rmSync(join(entry.parentPath, entry.name));
  for (const entry of files(original)) {
    const file = join(entry.parentPath, entry.name);
    cpSync(file, file.replace(original, directory), { recursive: true });
  }
  rmSync(original, { recursive: true });
}

type Made = { repository: string; directory: string; tree: string; open: Set<string> };

const checkoutOf = ({ repository, directory, tree, open }: Made): Checkout => ({
  path: directory,
  tree,
  readable: [],
  digest: async () => snapshotOf(repository, directory),
  dispose: async () => {
    open.delete(directory);
    rmSync(directory, { recursive: true, force: true });
  },
});

const kinds = { A: "added", M: "modified", D: "deleted", R: "renamed", T: "mode" } as const;

function changesOf(repository: string, from: string, to: string): Change[] {
  const fields = git(repository, ["diff-tree", "-r", "-M", "--raw", "-z", from, to]).split("\0");
  const changes: Change[] = [];
  while (fields.length > 1) {
    const [oldMode, newMode, oldId, newId, status] = fields.shift()!.slice(1).split(" ") as [
      string,
      string,
      string,
      string,
      string,
    ];
    const first = fields.shift()!;
    const letter = status[0] as keyof typeof kinds;
    const kind = letter === "M" && oldId === newId ? "mode" : kinds[letter];
    const ends = letter === "R" ? { path: fields.shift()!, from: first } : { path: first };
    changes.push({ kind, ...ends, oldMode: modeOf(oldMode), newMode: modeOf(newMode) });
  }
  return changes;
}

const modeOf = (mode: string): string | null => (mode === "000000" ? null : mode);

export const requestOf = (tree: string | null, base: string | null): VerifyRequest => ({
  runId: "run",
  purpose: "proposal",
  goal: "make it right",
  step: 1,
  actions: [],
  tree,
  base,
});

export type Verified = {
  project: Project;
  verifier: Verifier;
  tree: string;
  base: string;
  signal?: AbortSignal;
};

/** Runs one verifier on a tree against a base, as the runtime does, and takes back what it was lent. */
export async function verified({ project, verifier, tree, base, signal }: Verified): Promise<Evidence> {
  const request = requestOf(tree, base);
  const { context, close } = openContext({
    session: project.session(base),
    processes: project.processes,
    remembered: memoryOf(project.remembered),
    verifier: verifier.name,
    request,
    signal: signal ?? new AbortController().signal,
    onOutput: () => {},
  });
  try {
    return await verifier.verify(request, context);
  } finally {
    await close();
  }
}

export const memoryOf = (map: Map<string, string>) => ({
  get: (key: string): string | null => map.get(key) ?? null,
  set: (key: string, value: string): void => void map.set(key, value),
});

/** The system's time. */
export const systemClock: Pick<Clock, "now" | "after"> = {
  now: () => Date.now(),
  after: (delayMs, callback) => {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
};
