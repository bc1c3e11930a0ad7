import { type ChildProcess, spawn } from "node:child_process";
import { describe, expect, it, onTestFinished } from "vitest";
import { hostMark, markEnv, newToken } from "../../../src/process/mark.ts";
import { hasProcFiles, isAlive, startOf } from "../../../src/process/proc-files.ts";
import { endTree, killTree, membersOf, type Tree } from "../../../src/process/tree.ts";
import { eventually, processesWith, uniqueSeconds } from "./support.ts";

type Started = { child: ChildProcess; seconds: string; tree: Tree };

/** Starts a shell line (with `SECONDS` replaced by a number of its own) and waits for `count` processes that name it. */
async function start(line: string, count: number): Promise<Started> {
  const [token, seconds] = [newToken(), uniqueSeconds()];
  const env = { PATH: process.env.PATH ?? "", ...markEnv(token, newToken()) };
  const child = spawn("sh", ["-c", line.replaceAll("SECONDS", seconds)], { env, detached: true });
  const root = { pid: child.pid!, start: startOf(child.pid!)! };
  const tree = { roots: [root], mark: hostMark(token), since: root.start };
  onTestFinished(async () => void (await killTree(tree)));
  await eventually(() => processesWith(`sleep\0${seconds}`).length === count);
  return { child, seconds, tree };
}

describe.skipIf(!hasProcFiles)("a tree of processes", () => {
  it("holds descendants, session mates and marked strays, and nothing of ours", async () => {
    const { tree, seconds } = await start(
      "sleep SECONDS & (setsid sh -c 'setsid sleep SECONDS & exit' &) ; sleep SECONDS",
      3,
    );
    const pids = membersOf(tree).map(({ pid }) => String(pid));
    expect(pids).toEqual(expect.arrayContaining(processesWith(`sleep\0${seconds}`)));
    expect(pids).not.toContain(String(process.pid));
    expect(pids).not.toContain(String(process.ppid));
  });

  it("holds a child that wiped its environment and left its session while its parent lives", async () => {
    const { tree, seconds } = await start("setsid env -i sleep SECONDS & wait", 1);
    expect(membersOf(tree).map(({ pid }) => String(pid))).toEqual(
      expect.arrayContaining(processesWith(`sleep\0${seconds}`)),
    );
  });

  it("holds a session mate that wiped its environment and lost its parent, though no root is known", async () => {
    const { tree, seconds } = await start("(env -i sleep SECONDS &) ; sleep SECONDS; :", 2);
    expect(membersOf({ ...tree, roots: [] }).map(({ pid }) => String(pid))).toEqual(
      expect.arrayContaining(processesWith(`sleep\0${seconds}`)),
    );
  });

  it("does not take another process that got a root's pid", async () => {
    const { child, tree } = await start("sleep SECONDS", 1);
    const reused = {
      ...tree,
      roots: [{ pid: child.pid!, start: tree.since - 1 }],
      mark: hostMark(newToken()),
    };
    expect(membersOf(reused)).toEqual([]);
    expect(await killTree(reused)).toBe(0);
    expect(isAlive(tree.roots[0]!)).toBe(true);
  });

  it("is killed to the last process, whatever it ignores", async () => {
    const { tree, seconds } = await start(
      "trap '' TERM; sleep SECONDS & setsid sleep SECONDS & sleep SECONDS; :",
      3,
    );
    expect(await killTree(tree)).toBeGreaterThanOrEqual(4);
    expect(processesWith(seconds)).toEqual([]);
    expect(await killTree(tree)).toBe(0);
  });

  it("is killed while it multiplies", async () => {
    const { tree, seconds } = await start("while :; do sleep SECONDS & sleep 0.01; done", 5);
    await killTree(tree);
    expect(processesWith(seconds)).toEqual([]);
  });

  it("may end by itself within the grace, and dies after it", async () => {
    const polite = await start("trap 'exit 7' TERM; sleep SECONDS & wait", 1);
    await endTree(polite.tree, 30_000);
    expect(await eventually(() => polite.child.exitCode === 7)).toBe(true);

    const stubborn = await start("trap '' TERM; sleep SECONDS; :", 1);
    await endTree(stubborn.tree, 100);
    expect(await eventually(() => stubborn.child.signalCode === "SIGKILL")).toBe(true);
  });
});
