import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readNodeJson } from "../../../../src/verifiers/reports/node-json.ts";
import { nodeReporter } from "../../../../src/verifiers/reports/node-reporter-path.ts";
import { isTestFile, noFile, printedByNode, seen } from "../../../helpers/reports.ts";

const event = (type: string, name: string, nesting: number, more: object = {}): string =>
  JSON.stringify({ type, data: { name, nesting, ...more } });

describe("readNodeJson", () => {
  it("reads what the reporter prints: leaves only, forged lines not", async () => {
    const cases = readNodeJson(await printedByNode(nodeReporter), isTestFile)!;
    const of = (outcome: string, kind = "test") =>
      cases
        .filter((item) => item.outcome === outcome && item.kind === kind)
        .map(({ name }) => name)
        .sort();
    expect(of("passed")).toEqual([...seen.passed].sort());
    expect(of("failed")).toEqual(seen.failed);
    expect(of("skipped")).toEqual(seen.skipped);
    expect(of("failed", "suite")).toEqual(["fails after its child", "test/broken.test.js"]);
    expect(cases.find(({ name }) => name === "group > fails")!.message).toContain("one is not two");
  });

  it("keeps tests whose parent was never reported", () => {
    const cases = readNodeJson([event("test:pass", "a", 2), event("test:fail", "b", 1)].join("\n"), noFile)!;
    expect(cases.map(({ name, outcome }) => [name, outcome])).toEqual([
      ["b > a", "passed"],
      ["b", "failed"],
    ]);
    expect(readNodeJson(event("test:pass", "alone", 3), noFile)).toHaveLength(1);
  });

  it("takes an empty reason for a skip", () => {
    expect(readNodeJson(event("test:pass", "a", 0, { skip: "" }), noFile)).toMatchObject([
      { outcome: "skipped" },
    ]);
    expect(readNodeJson(event("test:pass", "a", 0, { skip: false }), noFile)).toMatchObject([
      { outcome: "passed" },
    ]);
  });

  it("finds no test in a run without tests, and refuses other text", () => {
    expect(readNodeJson('{"type":"test:summary","data":{"success":true}}', noFile)).toEqual([]);
    expect(readNodeJson("ok 1 - a", noFile)).toBeNull();
  });

  it("never throws and loses no test, whatever the nesting", () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 5 })), (nestings) => {
        const text = nestings.map((nesting, index) => event("test:pass", `t${index}`, nesting)).join("\n");
        const inner = nestings.filter((nesting, index) => index > 0 && nestings[index - 1]! > nesting).length;
        expect(readNodeJson(text, noFile) ?? []).toHaveLength(nestings.length - inner);
      }),
    );
  });
});
