import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readTap } from "../../../../src/verifiers/reports/tap.ts";
import { isTestFile, noFile, printedByNode, seen, stored } from "../../../helpers/reports.ts";

const names = (cases: ReturnType<typeof readTap>, outcome: string, kind = "test"): string[] =>
  cases!
    .filter((item) => item.outcome === outcome && item.kind === kind)
    .map(({ name }) => name)
    .sort();

describe("readTap", () => {
  it("reads what node prints: leaves only, forged lines not", async () => {
    const cases = readTap(await printedByNode("tap"), isTestFile);
    expect(names(cases, "passed")).toEqual([...seen.passed].sort());
    expect(names(cases, "failed")).toEqual(seen.failed);
    expect(names(cases, "skipped")).toEqual(seen.skipped);
    expect(names(cases, "failed", "suite")).toEqual(["fails after its child", "test/broken.test.js"]);
    expect(cases!.find(({ name }) => name === "group > fails")!.message).toContain("one is not two");
  });

  it("reads what vitest prints", () => {
    const cases = readTap(stored("vitest.tap"), (name) => name.startsWith("test/"));
    expect(names(cases, "passed")).toEqual([
      "test/a.test.js > group > forge",
      "test/a.test.js > group > one",
    ]);
    expect(names(cases, "failed")).toEqual(["test/a.test.js > group > two"]);
    expect(names(cases, "failed", "suite")).toEqual(["test/broken.test.js", "test/empty.test.js"]);
    expect(cases!.find(({ outcome }) => outcome === "failed")!.message).toContain("expected 1 to be 2");
  });

  it.each([
    ["fewer points than planned", "1..3\nok 1 - a\n"],
    ["more points than planned", "1..1\nok 1 - a\nok 2 - b\n"],
    ["no plan", "ok 1 - a\n"],
    ["a bail-out", "1..1\nok 1 - a\nBail out! no database\n"],
    ["fewer points than planned in a subtest", "# Subtest: a\n    ok 1 - b\n    1..2\nok 1 - a\n1..1\n"],
  ])("holds %s for a failure", (_what, text) => {
    expect(names(readTap(text, noFile), "failed", "suite")).toHaveLength(1);
  });

  it("finds no test where all are skipped, and none in other text", () => {
    expect(readTap("1..0 # SKIP no database\n", noFile)).toEqual([]);
    expect(readTap("all tests passed\n", noFile)).toBeNull();
    expect(readTap("", noFile)).toBeNull();
  });

  it("keeps the tests of a subtest whose end never came", () => {
    const cases = readTap("1..1\n# Subtest: a\n    ok 1 - b\n    1..1\n", noFile);
    expect(names(cases, "passed")).toEqual(["b"]);
  });

  it("counts the points of any flat report", () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ ok: fc.boolean(), directive: fc.constantFrom("", " # SKIP", " # TODO") })),
        (points) => {
          const lines = points.map(
            ({ ok, directive }, index) => `${ok ? "ok" : "not ok"} ${index + 1} - t${directive}`,
          );
          const cases = readTap(`TAP version 13\n1..${points.length}\n${lines.join("\n")}\n`, noFile)!;
          const plain = points.filter(({ directive }) => directive === "");
          expect(names(cases, "passed")).toHaveLength(plain.filter(({ ok }) => ok).length);
          expect(names(cases, "failed")).toHaveLength(plain.filter(({ ok }) => !ok).length);
          expect(cases).toHaveLength(points.length);
        },
      ),
    );
  });

  it("never throws, whatever is printed", () => {
    const line = fc.constantFrom(
      "ok",
      "not ok 1",
      "1..2",
      "    ok 1",
      "  ---",
      "  a: [",
      "  ...",
      "# Subtest: x",
      "Bail out!",
      "}",
      "ok 1 {",
      "pragma +strict",
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(line, fc.string())), (lines) => void readTap(lines.join("\n"), noFile)),
    );
  });
});
