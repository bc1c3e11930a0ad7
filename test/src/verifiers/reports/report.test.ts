import { describe, expect, it } from "vitest";
import { casesOf, type ReportNode, tallyOf } from "../../../../src/verifiers/reports/report.ts";

const node = (name: string, more: Partial<ReportNode> = {}): ReportNode => ({
  name,
  ok: true,
  skipped: false,
  message: "",
  children: null,
  ...more,
});
const noFile = () => false;

describe("casesOf", () => {
  it("counts leaves, not groups", () => {
    const cases = casesOf([node("group", { children: [node("a"), node("b")] })], noFile);
    expect(cases.map(({ name }) => name)).toEqual(["group > a", "group > b"]);
  });

  it("takes a group that failed by itself for a failed suite, once", () => {
    const broken = node("inner", { ok: false, children: [node("a")] });
    const cases = casesOf([node("outer", { ok: false, children: [broken] })], noFile);
    expect(cases.filter(({ kind }) => kind === "suite").map(({ name }) => name)).toEqual(["outer > inner"]);
  });

  it("does not blame a group for its failed test", () => {
    const cases = casesOf([node("group", { ok: false, children: [node("a", { ok: false })] })], noFile);
    expect(cases).toMatchObject([{ kind: "test", outcome: "failed" }]);
  });

  it("takes a file for no test: passed it counts for nothing, failed for a suite", () => {
    expect(casesOf([node("a.test.js")], (name) => name === "a.test.js")).toEqual([]);
    expect(casesOf([node("a.test.js", { ok: false })], () => true)).toMatchObject([{ kind: "suite" }]);
  });
});

describe("tallyOf", () => {
  it("does not count suites and skipped tests among those that ran", () => {
    const cases = casesOf(
      [
        node("a"),
        node("b", { ok: false }),
        node("c", { skipped: true }),
        node("d", { ok: false, children: [] }),
      ],
      noFile,
    );
    expect(tallyOf(cases)).toEqual({ run: 2, passed: 1, failed: 2, skipped: 1, total: 4 });
  });
});
