import { expect, test } from "vitest";
import { contract, openStage } from "../stage.ts";

test("runs a loop to its end and says what to type next", async () => {
  const { run } = openStage();
  const { code, out } = await run("run", contract("counter"), "--goal", "three", "--id", "one");
  expect(code).toBe(0);
  expect(out).toContain("step 3   goal checks passed [0]");
  expect(out).toContain("loopwright show one");
});

test("prints one event a line as JSON, and the end last", async () => {
  const { run } = openStage();
  const { out } = await run("run", contract("counter"), "--goal", "three", "--json");
  const lines = out
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  const rows = lines.filter(({ kind }) => kind === "journal");
  expect(rows.map(({ seq }) => seq)).toEqual(rows.map((_, i) => i + 1));
  expect(lines.at(-1)).toMatchObject({ kind: "end", outcome: { status: "succeeded", reason: "goal" } });
});

test("pauses at the first interrupt and quits at the second", async () => {
  const codes: number[] = [];
  const interrupting = (callback: () => void) => {
    callback();
    callback();
    return () => {};
  };
  const { run } = openStage({ onInterrupt: interrupting, quit: (code) => codes.push(code) });
  const { code, out } = await run("run", contract("counter"), "--goal", "three", "--id", "one", "--quiet");
  expect(code).toBe(130);
  expect(codes).toEqual([130]);
  expect(out).toContain("loopwright resume one");
});

test.each([
  [["--goal", " "], "the goal is empty"],
  [["--goal", "x", "--in", "nowhere"], "there is no directory"],
])("refuses %j before a run is started", async (words, message) => {
  const { run } = openStage();
  const { code, err } = await run("run", contract("counter"), ...words);
  expect(code).toBe(2);
  expect(err).toContain(message);
  expect((await run("list")).out).toContain("no runs");
});
