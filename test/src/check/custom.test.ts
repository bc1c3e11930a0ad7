import { describe, expect, it } from "vitest";
import {
  always,
  applies,
  asksPerson,
  checkLoop,
  either,
  endsAs,
  eventuallyWithin,
  happens,
  never,
  type Property,
  precedes,
  runs,
  runsApproved,
  runsUnasked,
  turnStarts,
  verdictIs,
} from "../../../src/check/index.ts";
import { contractOf, references, toolOf } from "../../helpers/checking.ts";

const p = { name: "mine", says: "What I want." };
const contract = contractOf({
  tools: { put: toolOf("put"), again: toolOf("again") },
  escalate: { policy: [{ tool: "put", answer: "allow" }] },
});

const verdict = (property: Property, of = contract) =>
  checkLoop(of, { properties: [property] }).properties.find(({ name }) => name === "mine")!.verdict;

describe("a promise of one's own", () => {
  it.each<[string, Property, string]>([
    ["never, and it does", never(p, runs("put")), "violated"],
    ["never, and it does not", never(p, runsApproved("put")), "proved"],
    ["never unasked, where the policy allows it", never(p, runsUnasked("put")), "violated"],
    ["never unasked, where nothing allows it", never(p, runsUnasked("again")), "proved"],
    ["always, and it is", always(p, (seen) => seen.calls.length < 2), "proved"],
    ["always, and it is not", always(p, (seen) => seen.state !== "escalated"), "violated"],
    ["order that holds", precedes(p, { first: verdictIs("passed"), later: endsAs("succeeded") }), "proved"],
    ["order that does not", precedes(p, { first: applies, later: endsAs("succeeded") }), "violated"],
    [
      "order that holds only once",
      precedes(p, { first: verdictIs("failed"), later: asksPerson, since: turnStarts }),
      "violated",
    ],
    [
      "soon, and it is",
      eventuallyWithin(p, 1, { after: happens("directive.abort"), until: either(asksPerson, applies) }),
      "violated",
    ],
    [
      "soon, at the end at the latest",
      eventuallyWithin(p, 3, { after: endsAs("stopped"), until: runs() }),
      "proved",
    ],
  ])("%s", (_, property, expected) => {
    expect(verdict(property)).toBe(expected);
  });

  it("tells tools apart that the chart treats alike, where it names one", () => {
    const twins = contractOf({
      tools: { one: toolOf("one"), other: toolOf("other") },
      escalate: { policy: [{ answer: "allow" }] },
    });
    expect(verdict(never(p, runs("other")), twins)).toBe("violated");
    expect(verdict(never(p, runsApproved("other")), twins)).toBe("proved");
  });

  it("must name tools that are there", () => {
    const wrong = never(p, runs("putt"));
    expect(() => checkLoop(references.safe!, { properties: [wrong] })).toThrow(
      'the property "mine" speaks of a tool "putt", and the contract has none',
    );
  });
});
