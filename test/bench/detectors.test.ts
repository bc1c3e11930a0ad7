import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { judgeDataSet, judgeRun, type Row } from "../../bench/judge.ts";
import { readTraces, type TracedRun } from "../../bench/traces.ts";

const script = join(import.meta.dirname, "../../bench/detectors.ts");
const bench = (...args: string[]) => spawnSync(process.execPath, [script, ...args], { encoding: "utf8" });

const read = (args: string, result = `${args} result`) => ({ tool: "read", args, result, error: false });
const failure = (args: string) => ({ tool: "read", args, result: `no ${args}`, error: true });
const run = (label: string, calls: TracedRun["calls"]): TracedRun => ({ id: label, label, calls });
const circling = run("stuck", Array(20).fill(read("a")));
const fine = run(
  "succeeded",
  ["a", "b", "a", "c"].map((args) => read(args)),
);

describe("judgeRun", () => {
  it("flags at the second hit and remembers the nudge", () => {
    expect(judgeRun(circling)).toEqual({ nudgedAt: 5, flaggedAt: 9, flaggedBy: "repetition" });
  });

  it("flags a cycle of several calls by repetition", () => {
    const calls = Array(10)
      .fill([read("a"), read("b")])
      .flat();
    expect(judgeRun(run("stuck", calls))).toEqual({ nudgedAt: 6, flaggedAt: 10, flaggedBy: "repetition" });
  });

  it("flags guesses that all fail by progress", () => {
    const calls = [read("a"), ...[..."bcdefghijk"].map(failure)];
    expect(judgeRun(run("stuck", calls))).toEqual({ nudgedAt: 4, flaggedAt: 6, flaggedBy: "progress" });
  });

  it("leaves a run alone that looks again after a change", () => {
    const calls = [...Array(8).keys()].flatMap((n) => [
      read("status", `status ${n}`),
      read(`reboot ${n}`, "done"),
    ]);
    expect(judgeRun(run("succeeded", calls))).toEqual({ nudgedAt: null, flaggedAt: null, flaggedBy: null });
  });
});

describe("judgeDataSet", () => {
  it("counts per label, and says what flagging means there", () => {
    const rows = judgeDataSet({ name: "set", runs: [circling, fine, fine, run("failed", [])] });
    expect(rows).toMatchObject([
      {
        label: "stuck",
        runs: 1,
        flagged: 1,
        caught: 1,
        falselyStopped: null,
        byRepetition: 1,
        nudged: 1,
        medianCall: 9,
      },
      {
        label: "succeeded",
        runs: 2,
        flagged: 0,
        caught: null,
        falselyStopped: 0,
        nudged: 0,
        medianCall: null,
      },
      { label: "failed", runs: 1, flagged: 0, caught: null, falselyStopped: null },
    ]);
  });
});

describe("bench/detectors", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "traces-"));
    writeFileSync(
      join(folder, "set.jsonl"),
      `${[circling, fine].map((one) => JSON.stringify(one)).join("\n")}\n`,
    );
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it("prints JSON with the rules it used", () => {
    const { stdout, status } = bench("--traces", folder, "--json");
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      rules: { repetition: { exempt: [] }, progress: { patience: 4 } },
      rows: [
        { dataSet: "set", label: "stuck", caught: 1 },
        { dataSet: "set", label: "succeeded", falselyStopped: 0 },
      ],
    });
  });

  it("prints a table", () => {
    const lines = bench("--traces", folder).stdout.split("\n");
    expect(lines[0]).toMatch(/^data set\s+label\s+runs\s+flagged/);
    expect(lines[1]).toMatch(/^set\s+stuck\s+1\s+1\s+caught/);
  });

  it("explains itself", () => {
    const { stdout, status } = bench("--help");
    expect([stdout.includes("--traces DIR"), status]).toEqual([true, 0]);
  });

  it.each([
    [
      "a folder that is not there",
      ["--traces", join(tmpdir(), "there-is-no-such-folder")],
      /cannot read the traces/,
    ],
    ["an option it does not know", ["--trace", "x"], /Unknown option '--trace'/],
  ])("refuses %s with code 2", (_, args, message) => {
    const { stderr, status } = bench(...args);
    expect(stderr).toMatch(message);
    expect(status).toBe(2);
  });

  it("refuses a malformed line and says where it is", () => {
    const broken = mkdtempSync(join(tmpdir(), "traces-"));
    writeFileSync(join(broken, "set.jsonl"), `${JSON.stringify(fine)}\n{"id": 1}\n`);
    const { stderr, status } = bench("--traces", broken);
    rmSync(broken, { recursive: true });
    expect(stderr).toMatch(/set\.jsonl:2/);
    expect(status).toBe(2);
  });
});

const recorded = join(import.meta.dirname, "../../../shared/traces");
const isRecorded = existsSync(recorded);

describe(`recorded runs${isRecorded ? "" : ` (skipped: there is no ${recorded})`}`, () => {
  const judged = (half?: 0 | 1): Row[] =>
    readTraces(recorded).flatMap(({ name, runs }) =>
      judgeDataSet({ name, runs: half === undefined ? runs : runs.filter((_, index) => index % 2 === half) }),
    );
  const rowOf = (rows: Row[], dataSet: string, label: string): Row => {
    const row = rows.find((one) => one.dataSet === dataSet && one.label === label);
    if (row === undefined) throw new Error(`no runs of ${dataSet} ${label}`);
    return row;
  };

  it.skipIf(!isRecorded).each([undefined, 0, 1] as const)(
    "are judged as they should be (half: %s)",
    (half) => {
      const rows = judged(half);
      const [stuck, succeeded] = [rowOf(rows, "tau2", "stuck"), rowOf(rows, "tau2", "succeeded")];
      const halted = rowOf(rows, "hotpotqa", "halted");
      expect(stuck.caught).toBe(stuck.runs);
      expect(stuck.medianCall).toBeLessThanOrEqual(20);
      expect(succeeded.falselyStopped! * 300).toBeLessThanOrEqual(succeeded.runs);
      expect(rowOf(rows, "mini-swe", "resolved").falselyStopped).toBe(0);
      expect(rowOf(rows, "hotpotqa", "correct").falselyStopped).toBe(0);
      expect(halted.caught! / halted.runs).toBeGreaterThan(0.4);
    },
  );
});
