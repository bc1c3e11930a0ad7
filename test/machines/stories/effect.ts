import { expect } from "vitest";
import type { Driven, Stories } from "../../helpers/driving.ts";
import { atGate, dispatched, expectAt, start } from "./tools.ts";

const limits = (some: object) => ({ limits: some });
const kinds = (feedback: readonly { kind: string }[]) => feedback.map(({ kind }) => kind);

/** From a proposed action to a confirmed effect. */
export const effectStories: Stories = {
  "dispatches what is verified and allowed, and confirms it"() {
    const run = dispatched("write");
    expectAt(run, "effect.committing");
    expect(run.context.doubt).toEqual({ key: "run/1/0", attempts: [1], at: run.now });
    expect(run.sent).toMatchObject([{ key: "run/1/0", attempt: 1, tree: "T1", grants: [] }]);
    expectAt(run.applies().confirms(), "acting");
    expect(run.context.doubt).toBeNull();
    expect(kinds(run.context.feedback)).toEqual(["applied"]);
  },
  "runs the actions of a turn one after the other, each through the gate"() {
    const run = atGate(["write", "safe"]).assesses().applies().confirms();
    expectAt(run, "effect.assessing");
    expectAt(run.assesses().applies().confirms(), "acting");
    expect(run.sent.map(({ key }) => key)).toEqual(["run/1/0", "run/1/1"]);
  },
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
    expectAt(run, "effect.observing");
    expectAt(run.crashes(), "escalated", "crashLoop");
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
  "does not cut a dispatch, or what settles it, short at the end of the run's time"() {
    const rules = limits({ deadlineMs: 5_000 });
    const due = (run: Driven) => Math.max(...run.timers.values()) - run.now;
    const run = dispatched("asked", rules);
    expect(due(run)).toBe(60_000);
    run.later(10_000).losesReply();
    expectAt(run, "effect.reconciling");
    expect(due(run)).toBe(60_000);
    expectAt(run.finds("applied"), "effect.confirming");
    expect(due(run)).toBe(60_000);
    expectAt(run.confirms(), "stopped", "limit");
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
  "does not apply an action again that its denied neighbour brings back"() {
    const run = atGate(["write", "drop"]).assesses().applies().confirms().assesses().denies();
    expect(kinds(run.context.feedback)).toEqual(["applied", "failure"]);
    run
      .acts({ tools: ["write", "drop"] })
      .verifies()
      .assesses({ appliedBefore: "run/1/0" });
    expectAt(run, "effect.assessing");
    expect(run.sent).toHaveLength(1);
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
  "hands off the second equal refusal of an effect, verified in between or not"() {
    const run = dispatched("write")
      .refuses("conflict")
      .acts({ tools: ["write"] })
      .verifies()
      .assesses()
      .refuses("conflict");
    expectAt(run, "escalated", "sameFailure");
  },
  "does not let a verdict given anew make retries endless"() {
    const run = dispatched("safe", { retry: { failuresInARow: 1 } })
      .refuses("unavailable")
      .timesOut();
    run
      .assesses({ tree: "T2" })
      .verifies("passed", { tree: "T2" })
      .assesses({ tree: "T2" })
      .refuses("unavailable");
    expectAt(run, "escalated", "retriesExhausted");
  },
  "asks a person, and verifies again what waited"() {
    const run = atGate(["drop"]).assesses();
    expectAt(run, "effect.awaitingApproval");
    const grants = [run.grant()];
    run.grants(grants).assesses({ grants });
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
  "tries again what surely did not happen, under the same key"() {
    const run = dispatched("write").refuses("rateLimited");
    expectAt(run, "waiting");
    run.timesOut().assesses();
    expect(run.sent.map(({ key, attempt }) => [key, attempt])).toEqual([
      ["run/1/0", 1],
      ["run/1/0", 2],
    ]);
  },
  "hands off an unknown outcome of what may not be repeated"() {
    for (const lose of ["losesReply", "timesOut", "breaks", "crashes"] as const) {
      const run = dispatched("write");
      run[lose]();
      expectAt(run, "escalated", "unknownOutcome");
      expect(run.context.doubt?.key).toBe("run/1/0");
    }
  },
  "repeats an unknown outcome where repeating is safe"() {
    const run = dispatched("safe").losesReply();
    expectAt(run, "waiting");
    run.timesOut().assesses();
    expect(run.sent).toMatchObject([{ attempt: 1 }, { attempt: 2 }]);
    expectAt(run.applies().confirms(), "acting");
    expect(run.context.doubt).toBeNull();
  },
  "keeps the doubt of a first attempt when the second is refused"() {
    const run = dispatched("safe").losesReply().timesOut().assesses().refuses("conflict");
    expectAt(run, "escalated", "unknownOutcome");
    expect(run.context.doubt).toMatchObject({ key: "run/1/0", attempts: [1] });
    expectAt(run.resumes(), "escalated", "unknownOutcome");
    expectAt(run.hearsLate("notApplied", 1).resumes(), "acting");
  },
  "does not step over a doubt because an equal action turns out to be applied"() {
    const run = atGate(["safe", "write"])
      .assesses()
      .losesReply()
      .timesOut()
      .assesses({ appliedBefore: "run/0/0" });
    expectAt(run, "escalated", "unknownOutcome");
    expect(run.context.doubt?.key).toBe("run/1/0");
  },
  "ends an aborted run in doubt without another attempt, and keeps the doubt"() {
    const run = dispatched("safe").aborts();
    expectAt(run, "effect.committing");
    expectAt(run.losesReply(), "stopped", "aborted");
    expect(run.context.doubt?.key).toBe("run/1/0");
  },
  "waits with an abort until the dispatch is known, and confirms it"() {
    expectAt(dispatched("write").aborts().refuses("unavailable"), "stopped", "aborted");
    const run = dispatched("write").applies().aborts();
    expectAt(run, "effect.confirming");
    expectAt(run.confirms(), "stopped", "aborted");
  },
  "ends an aborted run also when its effect is not confirmed"() {
    expectAt(dispatched("write").aborts().applies().confirms(false), "stopped", "aborted");
  },
  "asks the tool what happened, and takes applied for an answer"() {
    const run = dispatched("asked").losesReply();
    expectAt(run, "effect.reconciling");
    expectAt(run.finds("applied"), "effect.confirming");
  },
  "believes absent only after the settling time since the last possible send"() {
    const run = dispatched("asked").timesOut();
    expectAt(run.later(50_000).finds("absent"), "effect.settling");
    run.timesOut();
    expectAt(run, "effect.reconciling");
    expectAt(run.finds("absent"), "waiting");
    expectAt(run.timesOut().assesses(), "effect.committing");
    expect(run.sent).toMatchObject([{ attempt: 1 }, { attempt: 2 }]);
  },
  "believes absent at once where asking burns the key"() {
    expectAt(dispatched("burning").losesReply().finds("absent"), "waiting");
  },
  "asks again when asking fails, and a person in the end"() {
    const run = dispatched("asked").losesReply();
    for (const fail of ["timesOut", "breaks"] as const) {
      run[fail]();
      expectAt(run, "effect.settling");
      run.timesOut();
    }
    for (const _ of Array.from({ length: 5 })) run.finds("unknown").timesOut();
    run.finds("unknown");
    expectAt(run, "escalated", "unknownOutcome");
  },
  "asks again after a crash, within the recoveries"() {
    const run = dispatched("asked", limits({ recoveries: 1 }))
      .losesReply()
      .crashes();
    expectAt(run, "effect.reconciling");
    expectAt(run.crashes(), "escalated", "crashLoop");
    expect(run.context.doubt?.key).toBe("run/1/0");
  },
  "takes a late outcome while it asks, and asks no more"() {
    expectAt(dispatched("asked").losesReply().hearsLate("applied").finds("unknown"), "effect.confirming");
  },
  "takes a late outcome before the next attempt, and does not start it"() {
    const waiting = dispatched("safe").losesReply().hearsLate("applied").timesOut();
    expectAt(waiting, "effect.confirming");
    const gate = dispatched("safe").losesReply().timesOut().hearsLate("applied").assesses();
    expectAt(gate, "effect.confirming");
    expect(gate.sent).toHaveLength(1);
    expect(gate.confirms().context.spent.effects).toBe(1);
  },
  "takes a late outcome while another attempt is under way, whatever becomes of that"() {
    const again = () => dispatched("safe").losesReply().timesOut().assesses().hearsLate("applied", 1);
    expectAt(again().losesReply(), "effect.confirming");
    const refused = again().refuses("conflict");
    expectAt(refused, "effect.confirming");
    expect(kinds(refused.confirms().context.feedback)).toEqual(["applied"]);
    const applied = again().applies().confirms();
    expect(applied.context.spent.effects).toBe(1);
  },
  "counts an effect once when its outcome is heard twice"() {
    const run = dispatched("write").applies().hearsLate("applied").confirms(false).resumes();
    expectAt(run, "acting");
    expect(run.context.spent.effects).toBe(1);
  },
  "does not forget what a late reply told when the proposal is rejected on its way to the next attempt"() {
    const run = dispatched("safe")
      .losesReply()
      .timesOut()
      .assesses({ tree: "T2" })
      .hearsLate("applied")
      .verifies("failed");
    expectAt(run, "effect.confirming");
  },
  "hands off what is not confirmed"() {
    expectAt(dispatched("write").applies().confirms(false), "escalated", "notConfirmed");
    expectAt(dispatched("write").applies().breaks(), "escalated", "notConfirmed");
    expectAt(dispatched("write").applies().timesOut(), "escalated", "notConfirmed");
  },
  "confirms again after a crash, within the recoveries"() {
    const run = dispatched("write", limits({ recoveries: 1 }))
      .applies()
      .crashes();
    expectAt(run, "effect.confirming");
    expectAt(run.crashes(), "escalated", "crashLoop");
  },
  "voids the rest of a turn when an effect changed the workspace"() {
    const run = atGate(["write", "safe"], {}, "done").assesses().applies().confirms(true, "T2");
    expectAt(run, "acting");
    expect(run.sent).toHaveLength(1);
    expect(run.context.workspace.start).toBe("T2");
  },
  "verifies the goal after the last effect, also when it changed the workspace"() {
    const run = dispatched("write", {}, "done").applies().confirms(true, "T2");
    expectAt(run, "verifying");
    expectAt(run.verifies("passed", { tree: "T2" }), "succeeded", "goal");
  },
};
