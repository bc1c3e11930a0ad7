import { describe, expect, it } from "vitest";
import { needsApproval, strictest } from "../../guards/policy.ts";

describe("strictest", () => {
  it.each([
    [[], "ask"],
    [["allow"], "allow"],
    [["allow", "ask"], "ask"],
    [["allow", "ask", "forbid"], "forbid"],
  ] as const)("makes %j a %s", (answers, result) => {
    expect(strictest(answers)).toBe(result);
  });
});

describe("needsApproval", () => {
  const plain = { effect: "write", sensitive: false, policy: "allow", usedBefore: false } as const;

  it("lets an allowed, insensitive write pass", () => {
    expect(needsApproval(plain)).toBe(false);
  });

  it.each([
    { effect: "destructive" },
    { sensitive: true },
    { policy: "ask" },
    { policy: "forbid" },
    { usedBefore: true },
  ] as const)("asks for %j", (change) => {
    expect(needsApproval({ ...plain, ...change })).toBe(true);
  });
});
