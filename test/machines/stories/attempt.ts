import { expect } from "vitest";
import type { Driven, Stories } from "../../helpers/driving.ts";
import { atGate, dispatched, expectAt } from "./tools.ts";

const limits = (some: object) => ({ limits: some });
const kinds = (feedback: readonly { kind: string }[]) => feedback.map(({ kind }) => kind);

/** One attempt: dispatched, found out about, confirmed. */
export const attemptStories: Stories = {
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
  "has no doubt left once absence is certain"() {
    const run = dispatched("burning").losesReply().finds("absent");
    expect(run.context.doubt).toBeNull();
    expectAt(run.timesOut().assesses().refuses("conflict"), "acting");
  },
  "takes up no turn again that the agent has moved on from, whatever is heard late"() {
    const run = dispatched("safe");
    expectAt(run.refuses("invalidArguments"), "acting");
    run.hearsLate("applied", 1).failsToAct("unavailable");
    expectAt(run, "waiting");
    expect(run.context.effect).toBeNull();
    run.timesOut();
    expectAt(run, "acting");
  },
  "takes a late outcome of an attempt that was believed absent"() {
    const run = dispatched("burning").losesReply().finds("absent").timesOut().assesses();
    expectAt(run.hearsLate("applied", 1).losesReply(), "effect.confirming");
  },
  "asks no tool what happened once the run is aborted"() {
    const run = dispatched("asked").aborts().losesReply();
    expectAt(run, "stopped", "aborted");
    expect(run.awaited).toBeNull();
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
};
