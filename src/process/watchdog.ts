import { rmSync } from "node:fs";
import { createInterface } from "node:readline";
import { hostMark } from "./mark.ts";
import { killTree, membersOf, type Root } from "./tree.ts";

/**
 * The watchdog's own program: `node watchdog.js TOKEN SINCE HOSTFILE`. It reads what its host starts and ends, one line
 * each (`+ PID START`, `- PID`); when the pipe closes, the host has died, and everything that it started is killed. It
 * lives in a session of its own, so that what kills the host's process group does not reach it, and it imports little,
 * so that it soon stands.
 */
const [token = "", since = "0", hostFile = ""] = process.argv.slice(2);

/** Looks in a row that must find nothing: a child may have been between fork and exec when the host died. */
const emptyLooks = 8;

const roots = new Map<number, Root>();

function take(line: string): void {
  const [word, pid, start] = line.split(" ");
  if (word === "+") roots.set(Number(pid), { pid: Number(pid), start: Number(start) });
  if (word === "-") roots.delete(Number(pid));
}

async function sweep(): Promise<void> {
  const tree = { roots: [...roots.values()], mark: hostMark(token), since: Number(since) };
  await killTree(tree, emptyLooks);
  // What the kernel would not let go of is left to the next start's `clearLeftovers`.
  if (membersOf(tree).length === 0) rmSync(hostFile, { force: true });
}

// A service manager that stops the host signals its whole control group: the host's end decides, not the signal.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => {});

for await (const line of createInterface({ input: process.stdin })) take(line);
await sweep();
