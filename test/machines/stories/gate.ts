import { expect } from "vitest";
import type { Stories } from "../../helpers/driving.ts";
import { approvals, atGate, expectAt, start } from "./tools.ts";

const limits = (some: object) => ({ limits: some });

/** What stands before every read and every dispatch. */
export const gateStories: Stories = {
  "reads without a verdict, and tells the agent what was read"() {
    const run = start().acts({ tools: ["read"] });
    expectAt(run, "effect.assessing");
    expectAt(run.assesses(), "effect.observing");
    expectAt(run.reads("42"), "acting");
    expect(run.context.feedback).toEqual([{ kind: "observed", tool: "read", result: "42" }]);
  },
  "retries a read that failed, timed out or broke"() {
    for (const fail of ["failsToRead", "timesOut", "breaks"] as const) {
      const run = start()
        .acts({ tools: ["read"] })
        .assesses();
      if (fail === "failsToRead") run.failsToRead("unavailable");
      else run[fail]();
      expectAt(run, "waiting");
      expectAt(run.timesOut().assesses().reads(), "acting");
    }
  },
  "reads again after a crash, within the recoveries"() {
    const run = start(limits({ recoveries: 1 }))
      .acts({ tools: ["read"] })
      .assesses()
      .crashes();
    expectAt(run, "effect.assessing");
    expectAt(run.assesses(), "effect.observing");
    expectAt(run.crashes(), "escalated", "crashLoop");
  },
  "forgets the failures of a read that was answered in the end"() {
    const run = start({ retry: { failuresInARow: 1 } })
      .acts({ tools: ["read", "read"] })
      .assesses()
      .failsToRead("unavailable")
      .timesOut()
      .assesses()
      .reads();
    expectAt(run.assesses().failsToRead("unavailable"), "waiting");
  },
  "does not read again under a halt, although the first reading was lost in a crash"() {
    const run = start()
      .acts({ tools: ["read"] })
      .assesses()
      .halts()
      .crashes();
    expectAt(run.assesses(), "escalated", "halted");
  },
  "verifies again when the tree moved before the gate"() {
    const run = atGate(["write"]).assesses({ tree: "T2" });
    expectAt(run, "verifying");
    expectAt(run.verifies("passed", { tree: "T2" }).assesses({ tree: "T2" }), "effect.committing");
  },
  "verifies again when the verdict is too old"() {
    expectAt(
      atGate(["write"], { verify: { maxAgeMs: 1_000 } })
        .later(1_001)
        .assesses(),
      "verifying",
    );
  },
  "ends at the limit of verifications repeated"() {
    const stale = (rules: object) =>
      atGate(["write"], rules).assesses({ tree: "T2" }).verifies().assesses({ tree: "T2" });
    expectAt(stale(limits({ reverifications: 1 })), "stopped", "limit");
    expectAt(
      stale({ ...limits({ reverifications: 1 }), escalate: { onLimit: "escalate" } }),
      "escalated",
      "limit",
    );
  },
  "parks under a halt that the facts tell of, or that was spoken here"() {
    expectAt(atGate(["write"]).assesses({ halted: true }), "escalated", "halted");
    expectAt(atGate(["write"]).halts().assesses(), "escalated", "halted");
    expectAt(
      start()
        .acts({ tools: ["read"] })
        .halts()
        .assesses(),
      "escalated",
      "halted",
    );
  },
  "refuses the effect beyond the limit, and says which limit"() {
    const second = (rules: object) =>
      atGate(["write", "safe"], rules).assesses().applies().confirms().assesses();
    const run = second(limits({ effects: 1 }));
    expectAt(run, "stopped", "limit");
    expect(run.context.outcome?.detail).toBe("effects");
    expectAt(second({ ...limits({ effects: 1 }), escalate: { onLimit: "escalate" } }), "escalated", "limit");
    const late = atGate(["write"], limits({ deadlineMs: 5_000 }))
      .later(5_000)
      .assesses();
    expect(late.context.outcome?.detail).toBe("deadlineMs");
  },
  "names the limit when the run's time ends while the facts are collected"() {
    const run = atGate(["write"], limits({ deadlineMs: 5_000 })).timesOut();
    expectAt(run, "stopped", "limit");
    expect(run.context.outcome?.detail).toBe("deadlineMs");
  },
  "reads on where no effect is left"() {
    const run = atGate(["write", "read"], limits({ effects: 1 }))
      .assesses()
      .applies()
      .confirms();
    expectAt(run.assesses(), "effect.observing");
  },
  "tells the agent of arguments that do not fit"() {
    const run = atGate(["write"]).assesses({ inputValid: false });
    expectAt(run, "acting");
    expect(run.context.feedback).toMatchObject([{ kind: "failure", errorClass: "invalidArguments" }]);
  },
  "hands off what is out of scope, forbidden, not permitted or a duplicate"() {
    expectAt(atGate(["write"]).assesses({ inScope: false }), "escalated", "outOfScope");
    expectAt(atGate(["write"]).assesses({ policy: "forbid" }), "escalated", "forbidden");
    expectAt(atGate(["write"]).assesses({ permitted: false }), "escalated", "missingPermission");
    expectAt(atGate(["write"]).assesses({ duplicateOf: "other/1/0" }), "escalated", "duplicate");
  },
  "returns the recorded outcome of an action that was applied before"() {
    const run = atGate(["write"]).assesses({ appliedBefore: "run/0/0" });
    expectAt(run, "acting");
    expect(run.context.feedback).toEqual([{ kind: "alreadyApplied", tool: "write", result: "recorded" }]);
    expect(run.sent).toEqual([]);
  },
  "asks for a second denial of the same no more: a person looks"() {
    const run = atGate(["drop"])
      .assesses()
      .denies()
      .acts({ tools: ["drop"] })
      .verifies()
      .assesses()
      .denies();
    expectAt(run, "escalated", "sameFailure");
  },
  "asks a person, and verifies again what waited"() {
    const run = atGate(["drop"]).assesses();
    expectAt(run, "effect.awaitingApproval");
    expect([...run.timers.values()]).toEqual([run.now + approvals.timeoutMs]);
    const grants = [run.grant()];
    run.grants(grants);
    expect(run.context.approval).toBeNull();
    run.assesses({ grants });
    expectAt(run, "verifying");
    expectAt(run.verifies().assesses({ grants }), "effect.committing");
    expect(run.sent[0]?.grants).toEqual([grants[0]?.id]);
  },
  "takes no grant for another action, from nobody, or one that expired"() {
    const run = atGate(["drop"]).assesses();
    for (const wrong of [
      { actionDigest: "other" },
      { effectKey: "run/9/9" },
      { approver: "mallory" },
      { expiresAt: 0 },
      { revoked: true },
    ]) {
      run.grants([wrong]);
      expectAt(run, "effect.awaitingApproval");
    }
    run.denies("not this", "run/9/9");
    expectAt(run, "effect.awaitingApproval");
  },
  "never takes silence for consent"() {
    const run = atGate(["drop"]).assesses().timesOut();
    expectAt(run, "escalated", "approvalTimeout");
    expect(run.sent).toEqual([]);
  },
  "ends at the limit of questions"() {
    const second = (rules: object) =>
      atGate(["drop"], rules)
        .assesses()
        .denies()
        .acts({ tools: ["drop"] })
        .verifies()
        .assesses();
    expectAt(second(limits({ questions: 1 })), "stopped", "limit");
    expectAt(
      second({ ...limits({ questions: 1 }), escalate: { onLimit: "escalate" } }),
      "escalated",
      "limit",
    );
  },
  "uses a grant once for a destructive effect: a second attempt asks again"() {
    const run = atGate(["drop"]).assesses();
    const grants = [run.grant()];
    run.grants(grants).assesses({ grants }).verifies().assesses({ grants }).refuses("unavailable").timesOut();
    const used = [{ ...grants[0]!, usedBy: "run/1/0" }];
    expectAt(run.assesses({ grants: used }), "effect.awaitingApproval");
    expectAt(run.grants(used), "effect.awaitingApproval");
    expectAt(run.grants(), "effect.assessing");
  },
  "reads again what was read before: an answer is not an effect"() {
    const run = start()
      .acts({ tools: ["read"] })
      .assesses({ appliedBefore: "run/0/0" });
    expectAt(run, "effect.observing");
  },
  "hands off when the facts cannot be had"() {
    expectAt(atGate(["write"]).breaks(), "escalated", "internal");
    expectAt(atGate(["write"]).timesOut(), "escalated", "internal");
  },
  "finds out again after a crash at the gate, within the recoveries"() {
    const run = atGate(["write"], limits({ recoveries: 1 })).crashes();
    expectAt(run, "effect.assessing");
    expectAt(run.crashes(), "escalated", "crashLoop");
  },
  "hands off or asks when the transaction refuses the intent"() {
    expectAt(atGate(["write"]).isRefused("duplicate"), "escalated", "duplicate");
    expectAt(atGate(["write"]).isRefused("halted"), "escalated", "halted");
    const run = atGate(["write"]).isRefused("grantUsed");
    expectAt(run, "effect.awaitingApproval");
    expect(run.sent).toEqual([]);
  },
};
