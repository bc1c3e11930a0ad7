import { XMLParser } from "fast-xml-parser";
import { describe, expect, it } from "vitest";
import { annotationsOf, findingLines, junitOf } from "../../../src/check/formats.ts";
import type { CheckedProperty, CheckReport } from "../../../src/check/index.ts";

const property = (change: Partial<CheckedProperty>): CheckedProperty => ({
  name: "mine",
  says: 'Never "that" & <this>.',
  clause: "your own",
  verdict: "proved",
  detail: null,
  trace: [],
  cycle: [],
  ...change,
});
const step = (says: string) => ({ by: "agent" as const, says, state: "acting" });
const violated = property({
  verdict: "violated",
  detail: "it\nhappened: 100%",
  trace: [step("the run starts"), step("the agent \u0001 proposes")],
  cycle: [step("again")],
});
const open = property({ name: "open", verdict: "inconclusive", detail: "cut" });
const report = (...properties: CheckedProperty[]): CheckReport => ({
  contract: "loop",
  properties,
  states: 1,
  transitions: 2,
  seconds: 0.5,
  statesPerSecond: 2,
  transitionsPerSecond: 4,
  cut: null,
  bounds: { statesMax: 1, timeMaxMs: 1 },
  tools: [],
  untaken: [],
});

describe("a finding", () => {
  it("tells what is wrong, the run, and the round that never ends", () => {
    expect(findingLines(violated)).toEqual([
      "it\nhappened: 100%",
      "1. the run starts → acting",
      "2. the agent \u0001 proposes → acting",
      "and then, for ever:",
      "~ again → acting",
    ]);
    expect(findingLines(property({}))).toEqual([]);
  });
});

describe("JUnit", () => {
  it("is XML with one case a property, whatever stands in it", () => {
    const xml = junitOf(report(property({}), violated, open));
    const { testsuite } = new XMLParser({ ignoreAttributes: false }).parse(xml);
    expect(testsuite).toMatchObject({ "@_tests": "3", "@_failures": "1", "@_skipped": "1" });
    const [fine, failed, skipped] = testsuite.testcase;
    expect(fine["@_name"]).toBe('mine: Never "that" & <this>.');
    expect(failed.failure["#text"]).toContain("1. the run starts");
    expect(skipped.skipped["@_message"]).toBe("cut");
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what XML does not allow
    expect(xml).not.toMatch(/[\u0000-\u0008]/);
  });
});

describe("GitHub annotations", () => {
  it("are one line each, on the contract's file", () => {
    const lines = annotationsOf(report(property({}), violated, open), "/repo/a,b/loop.ts", "/repo")
      .trimEnd()
      .split("\n");
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatch(/^::error file=a%2Cb\/loop\.ts,title=mine is violated::/);
    expect(lines[0]).toContain("it%0Ahappened: 100%25");
    expect(lines[1]).toMatch(/^::warning /);
  });

  it("say that all is proved", () => {
    expect(annotationsOf(report(property({})), "/repo/loop.ts", "/repo")).toBe(
      "::notice file=loop.ts,title=loopwright check::all 1 properties of loop are proved\n",
    );
  });
});
