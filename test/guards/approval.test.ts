import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type ApprovalInput,
  ApprovalRules,
  approvingGrants,
  decideApproval,
  type Grant,
  isApproved,
} from "../../guards/approval.ts";

const grant = (change: Partial<Grant> = {}): Grant => ({
  id: "g1",
  effectKey: "run/1/0",
  actionDigest: "d",
  approver: "ann",
  issuedAt: 10,
  expiresAt: 100,
  usedBy: null,
  revoked: false,
  ...change,
});
const input = (change: Partial<ApprovalInput> = {}): ApprovalInput => ({
  grants: [grant()],
  effectKey: "run/1/0",
  actionDigest: "d",
  destructive: false,
  now: 50,
  rules: ApprovalRules.parse({ approvers: ["ann", "bob"] }),
  ...change,
});

describe("decideApproval", () => {
  it("accepts a grant for exactly this effect", () => {
    expect(isApproved(input())).toBe(true);
  });

  it.each([
    ["another effect", { effectKey: "run/1/1" }],
    ["another action", { actionDigest: "e" }],
    ["a stranger", { approver: "eve" }],
    ["an expired grant", { expiresAt: 50 }],
    ["one not yet valid", { issuedAt: 51 }],
    ["a revoked one", { revoked: true }],
    ["one that another effect used", { usedBy: "run/1/1" }],
  ] as const)("refuses %s", (_what, change) => {
    expect(decideApproval(input({ grants: [grant(change)] }))).toEqual({ ok: false, reason: "noGrant" });
  });

  it("covers later attempts of the effect that used it, unless it is destructive", () => {
    const used = [grant({ usedBy: "run/1/0" })];
    expect(isApproved(input({ grants: used }))).toBe(true);
    expect(isApproved(input({ grants: used, destructive: true }))).toBe(false);
  });

  it("counts one approver once", () => {
    const rules = ApprovalRules.parse({ approvers: ["ann", "bob"], quorum: 2 });
    const twice = [grant(), grant({ id: "g2" })];
    expect(decideApproval(input({ rules, grants: twice }))).toEqual({ ok: false, reason: "tooFew" });
    expect(isApproved(input({ rules, grants: [...twice, grant({ id: "g3", approver: "bob" })] }))).toBe(true);
  });

  it("uses no more grants than the quorum asks for", () => {
    const grants = [grant(), grant({ id: "g2", approver: "bob" })];
    expect(approvingGrants(input({ grants })).map(({ id }) => id)).toEqual(["g1"]);
  });

  it("approves nothing where nobody may approve", () => {
    expect(isApproved(input({ rules: ApprovalRules.parse({}) }))).toBe(false);
  });

  it("never forbids more for an extra grant", () => {
    const grants = fc.array(
      fc.record({
        approver: fc.constantFrom("ann", "bob", "eve"),
        expiresAt: fc.integer({ min: 0, max: 99 }),
        revoked: fc.boolean(),
      }),
      { maxLength: 5 },
    );
    fc.assert(
      fc.property(grants, fc.integer({ min: 1, max: 2 }), (some, quorum) => {
        const all = some.map((change, i) => grant({ ...change, id: `g${i}` }));
        const rules = ApprovalRules.parse({ approvers: ["ann", "bob"], quorum });
        const before = isApproved(input({ grants: all, rules }));
        const after = isApproved(input({ grants: [...all, grant({ id: "extra" })], rules }));
        expect(before && !after).toBe(false);
      }),
    );
  });
});
