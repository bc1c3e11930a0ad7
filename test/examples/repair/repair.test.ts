import { rm } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { repairAgent } from "../../../examples/repair/agent/agent.ts";
import { type Change, copyProject, playLoop, readFolder, runSuite, suite, testEnv } from "./play-loop.ts";
import { cooperating, solution } from "./solution.ts";

/** Milliseconds for a whole search, which takes a minute when nothing else runs. */
const searchTimeoutMs = 10 * 60_000;

const made: string[] = [];
afterEach(() =>
  Promise.all(made.splice(0).map((directory) => rm(directory, { recursive: true, force: true }))),
);

async function projectWith(changes: readonly Change[]): Promise<string> {
  const directory = await copyProject(changes);
  made.push(directory);
  return directory;
}

const agent = repairAgent({ testCommand: suite, env: testEnv });

const repaired = [...solution, ...cooperating.flat()];

describe("the repair agent in a loop", () => {
  it(
    "makes the project green by search, through many rejected turns, and leaves its tests alone",
    async () => {
      const directory = await projectWith([]);
      const tests = await readFolder(join(directory, "test"));
      const { green, turns, memoryBytes } = await playLoop(directory, agent, 250);
      expect(green, turns.map(({ note }) => note).join("\n")).toBe(true);
      expect((await runSuite(directory)).failing).toBe(0);
      expect(turns.filter(({ better }) => !better).length).toBeGreaterThan(20);
      expect(turns.filter(({ better, note }) => better && note.includes("; and ")).length).toBeGreaterThan(0);
      expect(await readFolder(join(directory, "test"))).toEqual(tests);
      expect(memoryBytes).toBeLessThan(256 * 1024);
    },
    searchTimeoutMs,
  );

  // Other defects in the repaired project, of kinds that were not planted.
  const variants: readonly Change[] = [
    { file: "src/cache.js", from: "entries.size > limit", to: "entries.size >= limit" },
    { file: "src/calendar.js", from: "weekday(day) < 6 &&", to: "weekday(day) < 6 ||" },
    { file: "src/shipping.js", from: "Math.ceil((grams", to: "Math.floor((grams" },
  ];
  it.each(variants)(
    "mends another defect: $to",
    async (variant) => {
      const { green, turns } = await playLoop(await projectWith([...repaired, variant]), agent, 60);
      expect(green, turns.map(({ note }) => note).join("\n")).toBe(true);
    },
    searchTimeoutMs,
  );
});
