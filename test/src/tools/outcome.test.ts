import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { outcomeOf, reconciliationOf } from "../../../src/tools/outcome.ts";

const failure = { errorClass: "conflict", message: "no", retryAfterMs: null } as const;

const circle: Record<string, unknown> = {};
circle.self = circle;

const throwing = {
  toJSON: () => {
    throw new Error("no JSON");
  },
};

describe("outcomeOf", () => {
  it("takes an outcome as it is", () => {
    const applied = { outcome: "applied", result: { id: 1 } } as const;
    for (const outcome of [
      applied,
      { outcome: "notApplied", failure },
      { outcome: "unknown", failure },
    ] as const)
      expect(outcomeOf(outcome)).toEqual(outcome);
    expect(outcomeOf({ outcome: "applied" })).toEqual({ outcome: "applied", result: null });
  });

  it.each([
    [undefined, null],
    [null, null],
    ["done", "done"],
    [{ id: 1, left: undefined }, { id: 1 }],
    [new Date(0), "1970-01-01T00:00:00.000Z"],
    [Number.NaN, null],
    [10n, null],
    [circle, null],
    [throwing, null],
    [() => {}, null],
    [{ outcome: "won" }, { outcome: "won" }],
  ])("takes %o for the result of an applied effect", (returned, result) => {
    expect(outcomeOf(returned)).toEqual({ outcome: "applied", result });
    expect(outcomeOf({ outcome: "applied", result: returned })).toEqual({ outcome: "applied", result });
  });

  it.each([
    { outcome: "notApplied" },
    { outcome: "notApplied", failure: { ...failure, errorClass: "broken" } },
    { outcome: "notApplied", failure: { errorClass: "conflict", message: "no" } },
    { outcome: "notApplied", failure, more: 1 },
    { outcome: "unknown", failure: "no" },
  ])("never takes %o for certain", (returned) => {
    expect(outcomeOf(returned)).toMatchObject({ outcome: "unknown", failure: { errorClass: "internal" } });
  });

  it("gives JSON, whatever came back", () => {
    const property = (returned: unknown) => {
      const outcome = outcomeOf(returned);
      expect(JSON.parse(JSON.stringify(outcome))).toEqual(outcome);
    };
    fc.assert(fc.property(fc.anything(), property));
  });
});

describe("reconciliationOf", () => {
  it("takes what a tool found as it is, the result as JSON", () => {
    expect(reconciliationOf({ found: "absent" })).toEqual({ found: "absent" });
    expect(reconciliationOf({ found: "unknown", failure })).toEqual({ found: "unknown", failure });
    const applied = { found: "applied", result: { at: new Date(0), left: undefined } };
    expect(reconciliationOf(applied)).toEqual({
      found: "applied",
      result: { at: "1970-01-01T00:00:00.000Z" },
    });
    expect(reconciliationOf({ found: "applied" })).toEqual({ found: "applied", result: null });
  });

  it.each([
    undefined,
    null,
    false,
    "absent",
    {},
    { found: "maybe" },
    { found: "unknown" },
    { found: ["absent"] },
  ])("takes %o for no answer", (answer) => {
    expect(reconciliationOf(answer)).toMatchObject({ found: "unknown", failure: { errorClass: "internal" } });
  });
});
