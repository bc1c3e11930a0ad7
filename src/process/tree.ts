import { setTimeout as sleep } from "node:timers/promises";
import {
  environmentOf,
  hasProcFiles,
  isAlive,
  listProcesses,
  type ProcessStat,
  startOf,
} from "./proc-files.ts";

/** A process that leads a session of its own. */
export type Root = { pid: number; start: number };

/** A tree of processes: what is to be found of it even when parents have died and sessions were left. */
export type Tree = {
  roots: readonly Root[];
  /** As made by `hostMark` or `runMark`. */
  mark: string;
  /** No process older than this (ticks since boot) can belong: saves reading its environment. */
  since: number;
};

/** Milliseconds between two looks at a dying tree. */
const lookEveryMs = 25;

/** Milliseconds after which a tree that SIGKILL does not end (a process stuck in the kernel) is given up. */
const giveUpMs = 5_000;

/** The session of a root, unless its number has meanwhile gone to another process. */
const ownsSession = (root: Root): boolean => [null, root.start].includes(startOf(root.pid));

function seeds(tree: Tree, processes: readonly ProcessStat[]): ProcessStat[] {
  const sessions = new Set(tree.roots.filter(ownsSession).map((root) => root.pid));
  return processes.filter(
    ({ pid, session, start }) =>
      start >= tree.since && (sessions.has(session) || environmentOf(pid).includes(tree.mark)),
  );
}

function withRelatives(members: readonly ProcessStat[], processes: readonly ProcessStat[]): ProcessStat[] {
  // A session is only joined by being born into it, and each session here was opened inside the tree.
  const pids = new Set(members.map(({ pid }) => pid));
  const sessions = new Set(members.map(({ session }) => session));
  const all = processes.filter(
    ({ pid, parent, session }) => pids.has(pid) || pids.has(parent) || sessions.has(session),
  );
  return all.length === members.length ? all : withRelatives(all, processes);
}

function groupsOf(roots: readonly Root[]): ProcessStat[] {
  return roots
    .filter(({ pid }) => sendSignal(-pid, 0))
    .map(({ pid, start }) => ({ pid, parent: 0, group: pid, session: pid, start }));
}

/**
 * The living processes of a tree: the sessions of its roots, whatever carries its mark, and all descendants and
 * session mates of those. Nothing of the caller's own session is ever among them. Where there is no /proc, only
 * the roots' process groups are known.
 */
export function membersOf(tree: Tree): ProcessStat[] {
  if (!hasProcFiles) return groupsOf(tree.roots);
  const processes = listProcesses();
  const own = processes.find(({ pid }) => pid === process.pid)?.session;
  const foreign = processes.filter(({ session }) => session !== own);
  return withRelatives(seeds(tree, foreign), foreign);
}

function sendSignal(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    // Gone in the meantime, or of another user: nothing that could be done.
    return false;
  }
}

/** Signals the groups of these processes, each group at once so that nothing in it can fork away in between. */
export function signalMembers(members: readonly ProcessStat[], signal: NodeJS.Signals): void {
  const standing = hasProcFiles ? members.filter(isAlive) : members;
  for (const group of new Set(standing.map(({ group }) => group))) sendSignal(-group, signal);
}

/**
 * Kills a tree with SIGKILL and looks again until `emptyLooks` looks in a row (default 1) found nothing; gives up
 * after 5 seconds on what the kernel does not let go. Returns how many processes it killed.
 */
export async function killTree(tree: Tree, emptyLooks = 1): Promise<number> {
  const killed = new Set<string>();
  const giveUpAt = performance.now() + giveUpMs;
  for (let empty = 0; performance.now() < giveUpAt; await sleep(lookEveryMs)) {
    const members = membersOf(tree);
    empty = members.length === 0 ? empty + 1 : 0;
    if (empty >= emptyLooks) break;
    signalMembers(members, "SIGKILL");
    for (const { pid, start } of members) killed.add(`${pid}:${start}`);
  }
  return killed.size;
}

/** Asks a tree to end with SIGTERM, and kills after `graceMs` what is still there. */
export async function endTree(tree: Tree, graceMs: number): Promise<void> {
  const killAt = performance.now() + graceMs;
  signalMembers(membersOf(tree), "SIGTERM");
  while (performance.now() < killAt && membersOf(tree).length > 0) await sleep(lookEveryMs);
  await killTree(tree);
}
