import { describe, expect, it } from "vitest";
import { decideResume, EscalateRules, mayResume, maySettle } from "../../guards/escalate.ts";

describe("decideResume", () => {
  it("lets a parked run go on", () => {
    expect(mayResume({ doubt: null, halted: false })).toBe(true);
  });

  it("refuses to go on past a doubt, and under a halt", () => {
    expect(decideResume({ doubt: "run/1/0", halted: false })).toEqual({ ok: false, reason: "inDoubt" });
    expect(decideResume({ doubt: null, halted: true })).toEqual({ ok: false, reason: "halted" });
  });
});

describe("maySettle", () => {
  const settle = { doubt: "k", key: "k", found: "applied", wanted: "applied" } as const;

  it("settles exactly the effect in doubt, the way the person said", () => {
    expect(maySettle(settle)).toBe(true);
    expect(maySettle({ ...settle, key: "other" })).toBe(false);
    expect(maySettle({ ...settle, wanted: "absent" })).toBe(false);
    expect(maySettle({ ...settle, doubt: null })).toBe(false);
  });
});

it("waits a finite time for people by default", () => {
  expect(Number.isSafeInteger(EscalateRules.parse({}).parkTimeoutMs)).toBe(true);
});
