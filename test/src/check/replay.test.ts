import { describe, expect, it } from "vitest";
import { never, regressionOf, replay, runs } from "../../../src/check/index.ts";
import { contractOf } from "../../helpers/checking.ts";

const allowed = contractOf({ escalate: { policy: [{ answer: "allow" }] } });
const nothingRuns = never({ name: "nothingRuns", says: "Nothing runs." }, runs());
const trace = [
  "the run starts",
  "the agent proposes put",
  "the checks say passed",
  "the facts about put: the policy says allow, no grant",
];
const given = { property: "nothingRuns", trace, properties: [nothingRuns] };

describe("going the way of a trace again", () => {
  it("ends in what was violated, as long as the contract lets it", () => {
    expect(replay(allowed, given)).toEqual({ followed: 4, of: 4, violated: "it happened" });
  });

  it("goes as far as a changed contract allows", () => {
    expect(replay(contractOf(), given)).toEqual({ followed: 3, of: 4, violated: null });
  });

  it("refuses a property that is not there", () => {
    expect(() => replay(allowed, { property: "nobody", trace })).toThrow('there is no property "nobody"');
  });
});

describe("a trace as a test", () => {
  it("names the property and each event, and takes properties of one's own from the contract's file", () => {
    const text = regressionOf(
      nothingRuns,
      trace.map((says) => ({ says })),
      "./loop.ts",
    );
    expect(text).toContain('import contract, { properties } from "./loop.ts";');
    expect(text).toContain('it("nothingRuns: Nothing runs."');
    for (const says of trace) expect(text).toContain(JSON.stringify(says));
    expect(regressionOf({ name: "gated", says: "…" }, [], "./loop.ts")).toContain("import contract from");
  });
});
