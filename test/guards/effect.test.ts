import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ApprovalRules } from "../../guards/approval.ts";
import {
  decideGate,
  effectKeyOf,
  type GateInput,
  isAbsentCertain,
  isConfirmed,
  isConfirmedButMoved,
  isRefused,
  mayAskAgain,
  mayDispatch,
  mayObserve,
} from "../../guards/effect.ts";
import { ToolRules } from "../../guards/tool.ts";

const facts: GateInput["facts"] = {
  tree: "t",
  inputValid: true,
  inScope: true,
  permitted: true,
  policy: "allow",
  grants: [],
  appliedBefore: null,
  duplicateOf: null,
  usedBefore: false,
  halted: false,
};
const write = ToolRules.parse({ effect: "write" });
const grant = {
  id: "g",
  effectKey: "run/1/0",
  actionDigest: "d",
  approver: "ann",
  issuedAt: 0,
  expiresAt: 1_000,
  usedBy: null,
  revoked: false,
};

const input = (change: Partial<GateInput> = {}, about: Partial<GateInput["facts"]> = {}): GateInput => ({
  facts: { ...facts, ...about },
  tool: write,
  effectKey: "run/1/0",
  actionDigest: "d",
  verdict: { result: "passed", proposal: "p", tree: "t", at: 0 },
  proposal: "p",
  now: 10,
  maxAgeMs: 100,
  approvals: ApprovalRules.parse({ approvers: ["ann"] }),
  halted: false,
  withinLimits: true,
  ...change,
});

describe("decideGate", () => {
  it("lets an allowed, verified write pass", () => {
    expect(mayDispatch(input())).toBe(true);
    expect(mayObserve(input())).toBe(false);
  });

  it.each([
    ["halted", {}, { halted: true }],
    ["halted", { halted: true }, {}],
    ["limit", { withinLimits: false }, {}],
    ["invalidArguments", {}, { inputValid: false }],
    ["outOfScope", {}, { inScope: false }],
    ["forbidden", {}, { policy: "forbid" }],
    ["missingPermission", {}, { permitted: false }],
    ["duplicate", {}, { duplicateOf: "other/1/0" }],
    ["alreadyApplied", {}, { appliedBefore: "run/0/0" }],
    ["stale", { verdict: null }, {}],
    ["stale", {}, { tree: "u" }],
    ["stale", { now: 101 }, {}],
    ["needsApproval", {}, { policy: "ask" }],
    ["needsApproval", {}, { usedBefore: true }],
    ["needsApproval", { tool: ToolRules.parse({}) }, {}],
    ["needsApproval", { tool: ToolRules.parse({ effect: "write", sensitivity: ["money"] }) }, {}],
  ] as const)("refuses: %s", (reason, change, about) => {
    const refused = input(change as Partial<GateInput>, about as Partial<GateInput["facts"]>);
    expect(decideGate(refused)).toEqual({ ok: false, reason });
    expect(isRefused({ ...refused, reason })).toBe(true);
    expect(mayDispatch(refused)).toBe(false);
  });

  it("lets a granted action pass, also one that was applied before", () => {
    expect(mayDispatch(input({}, { policy: "ask", grants: [grant] }))).toBe(true);
    expect(mayDispatch(input({}, { appliedBefore: "run/0/0", grants: [grant] }))).toBe(true);
  });

  it("needs a fresh grant for each attempt of a destructive effect", () => {
    const used = { grants: [{ ...grant, usedBy: "run/1/0" }] };
    expect(mayDispatch(input({ tool: ToolRules.parse({}) }, used))).toBe(false);
    expect(mayDispatch(input({}, { policy: "ask", ...used }))).toBe(true);
  });

  it("lets a read pass without a verdict, and never as an effect", () => {
    const read = input({ tool: ToolRules.parse({ effect: "read" }), verdict: null });
    expect(mayObserve(read)).toBe(true);
    expect(mayDispatch(read)).toBe(false);
  });

  it("holds a read to schema, scope, policy and permission like anything else", () => {
    const tool = ToolRules.parse({ effect: "read" });
    for (const about of [
      { inputValid: false },
      { inScope: false },
      { policy: "forbid" },
      { policy: "ask" },
      { permitted: false },
    ] as const) {
      expect(mayObserve(input({ tool }, about))).toBe(false);
    }
  });

  it("never dispatches an effect without a passed, fresh verdict on exactly this proposal", () => {
    const verdict = fc.option(
      fc.record({
        result: fc.constantFrom("passed" as const, "failed" as const, "unverifiable" as const),
        proposal: fc.constantFrom("p", "q"),
        tree: fc.constantFrom("t", "u", null),
        at: fc.integer({ min: 0, max: 200 }),
      }),
      { nil: null },
    );
    fc.assert(
      fc.property(
        verdict,
        fc.constantFrom("t", "u"),
        fc.integer({ min: 200, max: 300 }),
        (some, tree, now) => {
          const passes = mayDispatch(input({ verdict: some, now }, { tree }));
          const proved =
            some?.result === "passed" && some.proposal === "p" && some.tree === tree && now - some.at <= 100;
          expect(passes).toBe(proved);
        },
      ),
    );
  });
});

describe("effectKeyOf", () => {
  it("is made of run, step and index only", () => {
    expect(effectKeyOf({ runId: "run", step: 3, index: 1 })).toBe("run/3/1");
  });
});

describe("isAbsentCertain", () => {
  const tool = ToolRules.parse({ settlesWithinMs: 100 });

  it("believes absent only after the settling time", () => {
    expect(isAbsentCertain({ found: "absent", tool, lastSentAt: 0, now: 99 })).toBe(false);
    expect(isAbsentCertain({ found: "absent", tool, lastSentAt: 0, now: 100 })).toBe(true);
  });

  it("believes it at once where asking burns the key", () => {
    expect(
      isAbsentCertain({ found: "absent", tool: { ...tool, burnsKey: true }, lastSentAt: 0, now: 0 }),
    ).toBe(true);
  });

  it("never takes unknown or applied for absent", () => {
    expect(isAbsentCertain({ found: "unknown", tool, lastSentAt: 0, now: 1_000 })).toBe(false);
    expect(isAbsentCertain({ found: "applied", tool, lastSentAt: 0, now: 1_000 })).toBe(false);
  });
});

describe("after the dispatch", () => {
  it("asks again a limited number of times", () => {
    expect(mayAskAgain({ asked: 1, most: 2 })).toBe(true);
    expect(mayAskAgain({ asked: 2, most: 2 })).toBe(false);
  });

  it("tells a confirmed effect from one that moved the workspace", () => {
    expect(isConfirmed({ confirmed: true, before: "t", after: "t" })).toBe(true);
    expect(isConfirmed({ confirmed: true, before: "t", after: "u" })).toBe(false);
    expect(isConfirmedButMoved({ confirmed: true, before: "t", after: "u" })).toBe(true);
    expect(isConfirmedButMoved({ confirmed: false, before: "t", after: "u" })).toBe(false);
  });
});
