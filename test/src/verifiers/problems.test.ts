import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { failingUnknown } from "../../../src/verifiers/limits.ts";
import { metricsOf, problemsOf } from "../../../src/verifiers/problems.ts";
import type { Tally } from "../../../src/verifiers/reports/report.ts";

const tallyOf = (passed: number, failed: number, skipped = 0, suites = 0): Tally => ({
  run: passed + failed,
  passed,
  failed: failed + suites,
  skipped,
  total: passed + failed + skipped + suites,
});
const counts = fc.record({ passed: fc.nat(99), failed: fc.nat(99), skipped: fc.nat(99), suites: fc.nat(9) });
const anyTally = counts.map(({ passed, failed, skipped, suites }) =>
  tallyOf(passed, failed, skipped, suites),
);
const anyBase = fc.option(
  fc.record({ run: fc.integer({ min: 1, max: 99 }), total: fc.integer({ min: 99, max: 200 }) }),
);

const fine = { tally: tallyOf(3, 0), base: { run: 3, total: 3 }, min: 1, exitCode: 0, unreadable: null };
const kinds = (more: object): string[] => problemsOf({ ...fine, ...more }).map(({ kind }) => kind);

describe("problemsOf", () => {
  it("finds nothing wrong with a full, passing run", () => {
    expect(kinds({})).toEqual([]);
    expect(kinds({ tally: tallyOf(4, 0, 2) })).toEqual([]);
    expect(kinds({ base: null })).toEqual([]);
  });

  it.each<[string, object, string[]]>([
    ["a failing test", { tally: tallyOf(2, 1), exitCode: 1 }, ["failing"]],
    ["a failing test and exit code 0", { tally: tallyOf(2, 1) }, ["failing", "contradiction"]],
    ["no failing test and exit code 1", { exitCode: 1 }, ["contradiction"]],
    ["a test that was skipped", { tally: tallyOf(2, 0, 1) }, ["fewerThanBase"]],
    ["no test", { tally: tallyOf(0, 0, 3), base: null }, ["noTests"]],
    ["fewer tests than asked for", { min: 4 }, ["tooFew"]],
    ["no report", { tally: tallyOf(0, 0), base: null, unreadable: "why" }, ["unreadable", "noTests"]],
  ])("finds %s", (_what, more, expected) => {
    expect(kinds(more)).toEqual(expected);
  });

  it("passes only what ran, ran as much as the base, failed nowhere and exited with 0", () => {
    fc.assert(
      fc.property(anyTally, anyBase, fc.nat(5), fc.constantFrom(0, 1, null), (tally, base, min, exitCode) => {
        const passes = problemsOf({ tally, base, min, exitCode, unreadable: null }).length === 0;
        expect(passes).toBe(
          exitCode === 0 && tally.failed === 0 && tally.run >= Math.max(1, min, base?.run ?? 0),
        );
      }),
    );
  });
});

describe("metricsOf", () => {
  it("takes a suite that was cut off for one in which all fails", () => {
    const cut = { tally: tallyOf(1, 0), failed: true, cut: true };
    expect(metricsOf({ ...cut, base: { run: 60, total: 64 } }).failing).toBe(64);
    expect(metricsOf({ ...cut, base: null }).failing).toBe(failingUnknown);
  });

  it("never makes hiding tests look like progress", () => {
    fc.assert(
      fc.property(anyBase, fc.nat(99), fc.nat(99), fc.nat(99), (base, passed, failed, hidden) => {
        const run = Math.max(base?.run ?? 1, passed + failed);
        const honest = tallyOf(run - Math.min(failed, run), Math.min(failed, run));
        const fewer = tallyOf(honest.passed, Math.max(0, honest.failed - hidden));
        const before = metricsOf({
          tally: honest,
          base: { run, total: run },
          failed: honest.failed > 0,
          cut: false,
        });
        const after = metricsOf({ tally: fewer, base: { run, total: run }, failed: true, cut: false });
        expect(after.failing).toBeGreaterThanOrEqual(before.failing);
      }),
    );
  });

  it("is zero only for what passed", () => {
    fc.assert(
      fc.property(anyTally, anyBase, (tally, base) => {
        expect(metricsOf({ tally, base, failed: true, cut: false }).failing).toBeGreaterThan(0);
      }),
    );
  });
});
