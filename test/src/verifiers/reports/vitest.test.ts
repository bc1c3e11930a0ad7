import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readVitest } from "../../../../src/verifiers/reports/vitest.ts";
import { stored } from "../../../helpers/reports.ts";

describe("readVitest", () => {
  it("reads what vitest writes, a file that failed to load included", () => {
    const cases = readVitest(stored("vitest.json"))!;
    const of = (outcome: string, kind = "test") =>
      cases.filter((item) => item.outcome === outcome && item.kind === kind).map(({ name }) => name);
    expect(of("passed")).toEqual(["group one", "group forge"]);
    expect(of("failed")).toEqual(["group two"]);
    expect(of("skipped")).toEqual(["group three", "group four"]);
    expect(of("failed", "suite")).toEqual(["/project/test/broken.test.js", "/project/test/empty.test.js"]);
    expect(cases.find(({ name }) => name === "group two")!.message).toContain("expected 1 to be 2");
  });

  it("finds the report between other lines", () => {
    expect(readVitest(`> x@1 test\n> vitest\n\n${stored("vitest.json")}\ndone\n`)).toHaveLength(7);
  });

  it("reads a run without files", () => {
    expect(readVitest('{"testResults":[]}')).toEqual([]);
  });

  it("refuses other text", () => {
    for (const text of ["", "all passed", "{}", '{"testResults":3}', '{"testResults":['])
      expect(readVitest(text)).toBeNull();
  });

  it("never throws, whatever is printed", () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => void readVitest(text)));
  });
});
