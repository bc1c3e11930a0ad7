import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import type { Engine } from "../../../src/engine/types.ts";
import type { RepeatSafety } from "../../../src/ports/tool.ts";
import { runSource } from "../../helpers/run.ts";
import { tempDirectory } from "../../helpers/temp.ts";
import { crashingLoop, linesFile, storeFile } from "./crashing.ts";
import { rejection, stageEngine } from "./stage.ts";

// A real process with a real store is killed at every point where something can be lost or done twice: before and after
// each commit, in the agent, in each verifier, before and after the line is written. Another process goes on.

const program = join(import.meta.dirname, "crashing.ts");

/** Runs the loop in a process of its own, which kills itself at this point. */
const runUntil = (directory: string, repeat: RepeatSafety, point: string) =>
  runSource(program, [directory, repeat, point]);

const linesIn = (directory: string): string[] =>
  existsSync(linesFile(directory)) ? readFileSync(linesFile(directory), "utf8").trimEnd().split("\n") : [];

type Crashed = { directory: string; repeat: RepeatSafety; point: string };

/** Goes on after the crash, in this process; a start that was never recorded is made again. */
async function goOn({ directory, repeat }: Crashed) {
  const engine = await stageEngine({ store: storeFile(directory), stateDirectory: `${directory}/state` });
  const has = (key: string) => linesIn(directory).some((line) => line.startsWith(`${key} `));
  const loop = crashingLoop({ directory, repeat, has });
  const record = engine.store.run("run");
  if (record === null) return { engine, loop, run: await engine.start(loop, { goal: "again", id: "run" }) };
  if (record.status === "ended") return { engine, loop, run: null };
  return { engine, loop, run: await engine.resume("run", { contract: loop }) };
}

/** What must hold whatever happened: one line an intent, one intent an attempt, a journal that verifies. */
function inspect({ engine, directory, repeat }: { engine: Engine; directory: string; repeat: RepeatSafety }) {
  const lines = linesIn(directory);
  const effects = engine.store.effects("run");
  const attempts = effects.flatMap(({ key, attempts: all }) => all.map(({ attempt }) => `${key} ${attempt}`));
  expect(new Set(lines).size).toBe(lines.length);
  expect(attempts).toEqual(expect.arrayContaining(lines.map((line) => line.replace(/ hello$/, ""))));
  if (repeat !== "safe") expect(lines.length).toBeLessThanOrEqual(1);
  return { lines, effects };
}

async function crashAndGoOn(crashed: Crashed): Promise<void> {
  const { directory, repeat, point } = crashed;
  expect(await runUntil(directory, repeat, point)).toMatchObject({ code: -1, stderr: "" });
  const { engine, loop, run } = await goOn(crashed);
  const end = await run?.outcome;
  const { lines, effects } = inspect({ engine, directory, repeat });
  expect(engine.verifyLog("run", loop)).toMatchObject({ ok: true, problem: null });
  const status = end?.status ?? "succeeded";
  if (status === "inDoubt") {
    expect(repeat).toBe("never");
    expect(effects).toMatchObject([{ status: "inDoubt", attempts: [{ attempt: 1, outcome: "unknown" }] }]);
    expect(await rejection(engine.resume("run", { contract: loop, say: "go on" }))).toMatchObject({
      message: expect.stringContaining("in doubt"),
    });
  } else {
    expect(status).toBe("succeeded");
    expect(lines.length).toBeGreaterThanOrEqual(1);
    expect(effects).toMatchObject([{ status: "applied" }]);
  }
  await engine.close();
}

/** Two at a time: the machine has no more. */
async function everyPoint(points: readonly string[], repeat: RepeatSafety): Promise<void> {
  const queue = [...points];
  const work = async (): Promise<void> => {
    for (let point = queue.shift(); point !== undefined; point = queue.shift()) {
      const directory = tempDirectory("crash");
      await crashAndGoOn({ directory, repeat, point }).catch((error: Error) => {
        error.message = `killed at ${point}, repeat ${repeat}: ${error.message}`;
        throw error;
      });
    }
  };
  await Promise.all([work(), work()]);
}

/** All points that one whole run passes. */
const pointsOf = async (repeat: RepeatSafety): Promise<string[]> =>
  (await runUntil(tempDirectory("crash"), repeat, "list")).stdout.trim().split("\n");

describe("a process that is killed", () => {
  it("loses nothing and does nothing twice, wherever it happens", { timeout: 240_000 }, async () => {
    const points = await pointsOf("never");
    expect(points).toEqual(
      expect.arrayContaining(["agent:1", "verifier:proposal", "tool:before", "tool:after", "verifier:goal"]),
    );
    expect(points.filter((point) => point.startsWith("commit:")).length).toBeGreaterThan(12);
    await everyPoint(points, "never");
  });

  it.each(["reconcile", "safe"] as const)(
    "ends well around a dispatch that is repeat-%s",
    { timeout: 240_000 },
    async (repeat) => {
      const points = await pointsOf(repeat);
      const dispatch = points.indexOf("tool:before");
      await everyPoint(points.slice(dispatch - 1, dispatch + 4), repeat);
    },
  );
});

describe("a run that a living process holds", () => {
  it("is busy to a second process, and free at once when the first is killed", async () => {
    const directory = tempDirectory("busy");
    const child = spawn(
      process.execPath,
      ["--conditions=loopwright-source", program, directory, "never", "hold"],
      {
        stdio: ["ignore", "pipe", "inherit"],
      },
    );
    onTestFinished(() => void child.kill("SIGKILL"));
    await once(child.stdout, "data");
    const engine = await stageEngine({ store: storeFile(directory), stateDirectory: `${directory}/state` });
    const loop = crashingLoop({ directory, repeat: "never" });
    expect(await rejection(engine.resume("run", { contract: loop }))).toMatchObject({
      code: "busy",
      field: "run",
      message: expect.stringContaining(`process ${child.pid}`),
    });
    child.kill("SIGKILL");
    await once(child, "exit");
    const run = await engine.resume("run", { contract: loop });
    expect(await run.outcome).toMatchObject({ status: "succeeded", spent: { recoveries: 1 } });
  });
});
