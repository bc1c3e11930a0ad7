import { posix } from "node:path";
import type { Change } from "../ports/workspace.ts";
import { type Gate, inGate } from "./gate.ts";
import { git, parts, toText, tryGit } from "./git.ts";
import { diffBytesMax } from "./limits.ts";

/** One changed path as git says it; paths in bytes, from the top. `letter`: A, M, D, R or T. */
export type RawChange = {
  oldMode: string;
  newMode: string;
  oldId: string;
  newId: string;
  letter: string;
  path: string;
  from?: string;
};

export type Pair = { from: string; to: string; renames: boolean; signal?: AbortSignal | undefined };

/** What differs between two trees, in git's order. */
export async function rawChanges(gate: Gate, { from, to, renames, signal }: Pair): Promise<RawChange[]> {
  const how = renames ? "--find-renames" : "--no-renames";
  const args = ["diff-tree", "-r", how, "--raw", "-z", "--full-index", "--ignore-submodules=none", from, to];
  const fields = parts(await git(inGate(gate, { args, signal })))[Symbol.iterator]();
  const changes: RawChange[] = [];
  for (const head of fields) changes.push(rawChange(head, () => fields.next().value ?? ""));
  return changes;
}

function rawChange(head: string, next: () => string): RawChange {
  const [oldMode = "", newMode = "", oldId = "", newId = "", status = ""] = head.slice(1).split(" ");
  const letter = status.charAt(0);
  const first = next();
  const ends = letter === "R" ? { path: next(), from: first } : { path: first };
  return { oldMode, newMode, oldId, newId, letter, ...ends };
}

const modeOf = (mode: string): string | null => (mode === "000000" ? null : mode);

function kindOf({ letter, oldId, newId }: RawChange): Change["kind"] {
  if (letter === "A") return "added";
  if (letter === "D") return "deleted";
  if (letter === "R") return "renamed";
  return oldId === newId ? "mode" : "modified";
}

/** A path as the project sees it; one outside the project's folder begins with `../`. Bytes that are no text become U+FFFD. */
export const seenFrom = (prefix: string, path: string): string => posix.relative(prefix, toText(path));

/** The change as the project in `prefix` sees it. */
export const toChange = (prefix: string, raw: RawChange): Change => ({
  kind: kindOf(raw),
  path: seenFrom(prefix, raw.path),
  ...(raw.from === undefined ? {} : { from: seenFrom(prefix, raw.from) }),
  oldMode: modeOf(raw.oldMode),
  newMode: modeOf(raw.newMode),
});

/** The unified diff between two trees, cut to `bytesMax`; paths from the top of the repository. */
export async function diffOf(gate: Gate, from: string, to: string, bytesMax = diffBytesMax): Promise<string> {
  const args = [
    "diff-tree",
    "-r",
    "--find-renames",
    "--patch",
    "--no-ext-diff",
    "--no-textconv",
    "--no-color",
    from,
    to,
  ];
  const { stdout, cut } = await tryGit(inGate(gate, { args, bytesMax }));
  return cut ? `${stdout.toString()}\n… cut after ${bytesMax} bytes …\n` : stdout.toString();
}
