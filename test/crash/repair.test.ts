import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { openSqliteStore } from "../../src/store/index.ts";
import { runSource } from "../helpers/run.ts";
import { tempDirectory } from "../helpers/temp.ts";

// The main job under fire: its process is killed with SIGKILL at random moments, alone or with its whole process group,
// and resumed each time. In the end there is one commit, of the verified tree, and nothing else is left behind.

const kills = Number(process.env.CRASH_KILLS ?? 40);
const seed = Number(process.env.CRASH_SEED ?? Date.now() % 2 ** 31);
const runId = "under-fire";
const contract = "examples/repair/loop.ts";

/** A small generator of chance from a seed (mulberry32), so that a failure can be repeated. */
function chanceFrom(start: number): () => number {
  let state = start;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function scratchProject(): string {
  const directory = tempDirectory("fire");
  cpSync("examples/repair/project", directory, { recursive: true });
  const git = (...args: string[]) =>
    execFileSync("git", ["-c", "user.name=You", "-c", "user.email=you@localhost", ...args], {
      cwd: directory,
      stdio: "ignore",
    });
  git("init", "--initial-branch=main");
  git("add", "--all");
  git("commit", "--message", "Import");
  return directory;
}

type Scene = { project: string; env: Record<string, string> };

/** Starts the command in a process group of its own. */
const launch = ({ env }: Scene, args: readonly string[]) =>
  spawn(process.execPath, ["--conditions=loopwright-source", "src/cli/main.ts", ...args], {
    env: { ...process.env, ...env },
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });

const startOrResume = (scene: Scene, started: boolean): string[] =>
  started
    ? ["resume", runId, contract, "--json"]
    : ["run", contract, "--goal", "make the test suite pass", "--in", scene.project, "--id", runId, "--json"];

/** Is the run on record yet? Before that there is nothing to resume. */
function isOnRecord({ env }: Scene): boolean {
  const store = openSqliteStore({ file: env.LOOPWRIGHT_STORE! });
  const known = store.run(runId) !== null;
  store.close();
  return known;
}

async function killOnce(
  scene: Scene,
  { afterMs, group }: { afterMs: number; group: boolean },
): Promise<void> {
  const child = launch(scene, startOrResume(scene, isOnRecord(scene)));
  const exited = once(child, "exit");
  await Promise.race([once(child.stdout, "data"), exited]);
  await sleep(afterMs);
  if (child.exitCode === null) process.kill(group ? -child.pid! : child.pid!, "SIGKILL");
  await exited;
}

const gitOut = (directory: string, ...args: string[]): string =>
  execFileSync("git", args, { cwd: directory, encoding: "utf8" }).trim();

/** Processes that work below this directory, or carry its path in their environment. */
const processesOf = (path: string): string[] =>
  readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/environ`, "utf8").includes(path);
      } catch {
        return false;
      }
    });

it(`commits once although it is killed ${kills} times (seed ${seed})`, { timeout: 1_500_000 }, async () => {
  const state = tempDirectory("fire-state");
  const env = { XDG_STATE_HOME: state, LOOPWRIGHT_STORE: join(state, "store.db") };
  const scene: Scene = { project: scratchProject(), env };
  const chance = chanceFrom(seed);
  for (let i = 0; i < kills; i += 1) {
    await killOnce(scene, { afterMs: Math.floor(chance() * 2_500), group: i % 2 === 1 });
  }
  const last = await runSource("src/cli/main.ts", startOrResume(scene, isOnRecord(scene)), {
    env,
    timeoutMs: 900_000,
  });
  expect(last.code, `${last.stdout.slice(-2_000)}\n${last.stderr}`).toBe(0);

  const commits = gitOut(
    scene.project,
    "log",
    "--all",
    "--format=%H",
    `--grep=^Loopwright-Run: ${runId}$`,
  ).split("\n");
  expect(commits).toHaveLength(1);
  const store = openSqliteStore({ file: env.LOOPWRIGHT_STORE });
  const [effect, ...others] = store.effects(runId).filter(({ status }) => status !== "notApplied");
  store.close();
  expect(others).toEqual([]);
  expect(effect).toMatchObject({ tool: "git.commit", status: "applied" });
  expect(gitOut(scene.project, "rev-parse", `${commits[0]}^{tree}`)).toBe(effect!.tree);
  const end = JSON.parse(last.stdout.trim().split("\n").at(-1)!) as {
    outcome: { status: string; commit: string };
  };
  expect(end.outcome).toMatchObject({ status: "succeeded", commit: commits[0] });

  const verified = await runSource("src/cli/main.ts", ["verify-log", runId], { env });
  expect(verified.code, verified.stdout + verified.stderr).toBe(0);
  await expect.poll(() => processesOf(state), { timeout: 20_000 }).toEqual([]);
});
