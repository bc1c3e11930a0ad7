import { randomBytes } from "node:crypto";
import { appendFile, copyFile, mkdir, readFile, rename, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type GitCall, git } from "./git.ts";
import { type Origin, userExcludes } from "./origin.ts";
import { isThere } from "./remove.ts";

/** The runtime's own bare repository, out of the agent's directory. It borrows the user's objects. */
export type Gate = { path: string; objectFormat: "sha1" | "sha256" };

/** A directory of files with an index over it. */
export type Place = { directory: string; index: string };

/** Nothing of the machine's or a person's configuration, and no words but git's own English. */
export const cleanEnv = (): Record<string, string> => ({
  PATH: process.env.PATH ?? "",
  LC_ALL: "C",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_ATTR_NOSYSTEM: "1",
  GIT_TERMINAL_PROMPT: "0",
});

type GateCall = Pick<GitCall, "args" | "input" | "bytesMax" | "signal"> & { place?: Place; index?: string };

/** A git command in the gate; with a `place` over that directory's files. Whatever lies in the directory's own .git is not read. */
export const inGate = ({ path }: Gate, { place, index = place?.index, ...call }: GateCall): GitCall => ({
  ...call,
  cwd: place?.directory ?? path,
  env: {
    ...cleanEnv(),
    GIT_DIR: path,
    ...(place === undefined ? {} : { GIT_WORK_TREE: place.directory }),
    ...(index === undefined ? {} : { GIT_INDEX_FILE: index }),
  },
});

// No hook, monitor or file outside decides anything here; names are taken as they are on every system.
const config = `[core]
	hooksPath = /dev/null
	fsmonitor = false
	untrackedCache = false
	attributesFile = /dev/null
	excludesFile = /dev/null
	fileMode = true
	symlinks = true
	ignoreCase = false
	precomposeUnicode = false
	protectHFS = true
	protectNTFS = true
	autocrlf = false
	logAllRefUpdates = false
[gc]
	auto = 0
[maintenance]
	auto = false
[submodule]
	recurse = false
`;

// Stands above every .gitattributes: files go in and out byte by byte, so equal files always make equal trees, no
// filter can be named, and no file can hide its changes as binary.
const attributes = "* -text !eol !crlf !filter !ident !working-tree-encoding !diff !merge\n";

/** Makes the gate anew, over the user's objects, ignoring what the user ignores. */
export async function makeGate(path: string, origin: Origin): Promise<Gate> {
  const { objectFormat } = origin;
  await git({
    args: ["init", "--quiet", "--bare", "--template=", `--object-format=${objectFormat}`, path],
    cwd: origin.top,
    env: cleanEnv(),
  });
  await mkdir(join(path, "info"), { recursive: true });
  await mkdir(join(path, "indexes"));
  await appendFile(join(path, "config"), config);
  await writeFile(join(path, "info/attributes"), attributes);
  await writeFile(join(path, "info/exclude"), await excludesOf(origin));
  await borrow(origin, path);
  return { path, objectFormat };
}

/** Lets a repository read the objects of the user and of `others`, with history cut off where the user's is. */
export async function borrow(
  { objects, shallow }: Origin,
  repository: string,
  others: string[] = [],
): Promise<void> {
  await mkdir(join(repository, "objects/info"), { recursive: true });
  const lines = [objects, ...others].map((path) => `${quoted(path)}\n`);
  await writeFile(join(repository, "objects/info/alternates"), lines.join(""));
  if (await isThere(shallow)) await copyFile(shallow, join(repository, "shallow"));
}

// A line that starts with a quote or a hash would be read otherwise; so would a newline.
const quoted = (path: string): string =>
  /^["#]|\n/.test(path) ? `"${path.replace(/["\\]/g, "\\$&").replaceAll("\n", "\\n")}"` : path;

const textOf = async (file: string | null): Promise<string> =>
  file === null ? "" : await readFile(file, "utf8").catch(() => "");

export async function excludesOf(origin: Origin): Promise<string> {
  const [everywhere, here] = await Promise.all([userExcludes(origin).then(textOf), textOf(origin.exclude)]);
  return `${everywhere}\n${here}`;
}

/** A name for an index that is used once. */
export const newIndex = ({ path }: Gate): string => join(path, "indexes", randomBytes(8).toString("hex"));

/** Copies an index with its time: git tells by it which files may have changed within the same second. */
export async function copyIndex(from: string, to: string): Promise<void> {
  const { mtimeMs } = await stat(from);
  const unfinished = `${to}.new`;
  await copyFile(from, unfinished);
  const seconds = Math.floor(mtimeMs / 1_000);
  await utimes(unfinished, seconds, seconds);
  await rename(unfinished, to);
}
