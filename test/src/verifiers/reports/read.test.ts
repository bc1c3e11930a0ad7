import { describe, expect, it } from "vitest";
import { readReport } from "../../../../src/verifiers/reports/read.ts";
import { noFile, stored } from "../../../helpers/reports.ts";

const nodeJson = '{"type":"test:pass","data":{"name":"a","nesting":0}}\n';

describe("readReport", () => {
  it.each([
    ["tap", stored("vitest.tap")],
    ["junit", stored("vitest.junit.xml")],
    ["vitest", stored("vitest.json")],
    ["node-json", nodeJson],
  ] as const)("recognises %s by itself", (format, text) => {
    const found = readReport(text, "auto", noFile);
    expect(found!.length).toBeGreaterThan(0);
    expect(found).toEqual(readReport(text, format, noFile));
  });

  it("reads no format but the one that was named", () => {
    expect(readReport(stored("vitest.json"), "junit", noFile)).toBeNull();
    expect(readReport(stored("vitest.junit.xml"), "vitest", noFile)).toBeNull();
  });

  it("recognises nothing in other text", () => {
    expect(readReport("okay, 3 tests passed", "auto", noFile)).toBeNull();
  });
});
