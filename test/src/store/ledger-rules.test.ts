import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { OutcomeRecord } from "../../../src/ports/store.ts";
import { replaces, statusAfter } from "../../../src/store/ledger-rules.ts";

const outcome = (change: Partial<OutcomeRecord>): OutcomeRecord => ({
  key: "k",
  attempt: 1,
  at: 1,
  outcome: "applied",
  result: "1",
  source: "tool",
  ...change,
});
const inDoubt = { status: "inDoubt", result: null } as const;

describe("statusAfter", () => {
  it("is applied once and for all", () => {
    const applied = { status: "applied", result: "1", attempts: [{ outcome: "applied" }] } as const;
    for (const next of ["applied", "notApplied", "unknown"] as const) {
      expect(statusAfter(applied, outcome({ outcome: next, result: "2" }))).toEqual({
        status: "applied",
        result: "1",
      });
    }
  });

  it("is not applied only when every attempt is known not to have happened", () => {
    const one = { ...inDoubt, attempts: [{ outcome: "unknown" }, { outcome: "notApplied" }] } as const;
    const all = { ...inDoubt, attempts: [{ outcome: "notApplied" }, { outcome: "notApplied" }] } as const;
    expect(statusAfter(one, outcome({ outcome: "notApplied" })).status).toBe("inDoubt");
    expect(statusAfter(all, outcome({ outcome: "notApplied" })).status).toBe("notApplied");
  });

  it.each(["person", "reconciliation"] as const)(
    "believes a %s that speaks of the whole effect",
    (source) => {
      const open = { ...inDoubt, attempts: [{ outcome: "unknown" }, { outcome: "notApplied" }] } as const;
      expect(statusAfter(open, outcome({ outcome: "notApplied", source })).status).toBe("notApplied");
    },
  );
});

describe("replaces", () => {
  it("never takes back what is known to be applied, nor a certainty for a doubt", () => {
    expect(replaces("applied", "notApplied")).toBe(false);
    expect(replaces("applied", "unknown")).toBe(false);
    expect(replaces("notApplied", "unknown")).toBe(false);
    expect(replaces("notApplied", "applied")).toBe(true);
    expect(replaces("unknown", "notApplied")).toBe(true);
    expect(replaces(null, "unknown")).toBe(true);
  });

  it("ends at applied whenever applied was said, in whatever order outcomes arrive", () => {
    const said = fc.array(fc.constantFrom("applied" as const, "notApplied" as const, "unknown" as const), {
      minLength: 1,
    });
    fc.assert(
      fc.property(said, (outcomes) => {
        let known: OutcomeRecord["outcome"] | null = null;
        for (const next of outcomes) if (replaces(known, next)) known = next;
        expect(known === "applied").toBe(outcomes.includes("applied"));
      }),
    );
  });
});
