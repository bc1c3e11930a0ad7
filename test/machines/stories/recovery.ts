import { expect } from "vitest";
import type { Stories } from "../../helpers/driving.ts";
import { atGate, dispatched, expectAt, start } from "./tools.ts";

/** From a failure on: again, later, or a person. */
export const recoveryStories: Stories = {
  "waits before it asks a busy agent again, as long as it was told to"() {
    const failure = { errorClass: "rateLimited", message: "slow down", retryAfterMs: 5_000 };
    const run = start().failsToAct("rateLimited", "busy", { failure });
    expectAt(run, "waiting");
    expect([...run.timers.values()]).toEqual([run.now + 5_000]);
    expectAt(run.timesOut(), "acting");
  },
  "waits longer each time it fails"() {
    const run = start();
    const waits = Array.from({ length: 3 }, () => {
      run.failsToAct("unavailable");
      const [dueAt] = run.timers.values();
      const waited = dueAt! - run.now;
      run.timesOut();
      return waited;
    });
    expect(waits).toEqual([500, 1_000, 2_000]);
  },
  "corrects an agent whose turn made no sense"() {
    const run = start().failsToAct("invalidArguments");
    expectAt(run, "acting");
    expect(run.context.feedback).toMatchObject([{ kind: "failure", errorClass: "invalidArguments" }]);
  },
  "hands off missing permission, equal failures and too many failures"() {
    expectAt(start().failsToAct("unauthenticated"), "escalated", "missingPermission");
    expectAt(start().failsToAct("notFound").failsToAct("notFound"), "escalated", "sameFailure");
    expectAt(
      start({ retry: { failuresInARow: 1 } })
        .failsToAct("unavailable")
        .timesOut()
        .failsToAct("timeout"),
      "escalated",
      "retriesExhausted",
    );
  },
  "hands off the second equal verification failure"() {
    const run = start().acts({ changed: true }).verifies("failed").acts({ changed: true }).verifies("failed");
    expectAt(run, "escalated", "sameFailure");
  },
  "tells the agent what failed also when a person looked first"() {
    const run = start().failsToAct("notFound").failsToAct("notFound", "notFound", { usage: null });
    expectAt(run.resumes({ say: "it moved" }), "acting");
    expect(run.context.feedback.map(({ kind }) => kind)).toEqual(["failure", "failure", "instruction"]);
  },
  "stops a parked run for which nobody came, never as approved"() {
    const run = start({ escalate: { parkTimeoutMs: 5_000 } }).acts({ claim: "stuck" });
    expect([...run.timers.values()]).toEqual([run.now + 5_000]);
    run.timesOut();
    expectAt(run, "stopped", "parkTimeout");
    expect(run.context.outcome?.detail).toBe("agentAsked");
  },
  "goes on when a person says so, with the instruction and more of a limit"() {
    const run = start({ limits: { steps: 1 }, escalate: { onLimit: "escalate" } })
      .acts({ changed: true })
      .verifies();
    expectAt(run, "escalated", "limit");
    expectAt(run.resumes({ say: "again" }), "escalated", "limit");
    expectAt(run.resumes({ say: "look at b.ts", raise: { steps: 1 } }), "acting");
    expect(run.context.feedback.at(-1)).toEqual({ kind: "instruction", text: "look at b.ts" });
  },
  "keeps its memory bounded however often it is told to go on"() {
    const run = start({ limits: { steps: 1 }, escalate: { onLimit: "escalate" } })
      .acts({ changed: true })
      .verifies();
    for (let i = 0; i < 100; i++) run.resumes({ say: `again ${i}` });
    expect(run.context.feedback.length).toBeLessThanOrEqual(64);
    expect(run.context.feedback.at(-1)).toEqual({ kind: "instruction", text: "again 99" });
  },
  "cannot be resumed past a doubt"() {
    const run = dispatched("write").losesReply();
    expectAt(run.resumes(), "escalated", "unknownOutcome");
    expectAt(run.settles("applied", "run/9/9"), "escalated", "unknownOutcome");
    expectAt(run.settles("absent", "run/9/9"), "escalated", "unknownOutcome");
  },
  "cannot be resumed under a halt"() {
    const run = start().acts({ claim: "stuck" }).halts().resumes();
    expectAt(run, "escalated", "agentAsked");
    expectAt(run.liftsHalt().resumes(), "acting");
  },
  "confirms what a person settled as applied"() {
    const run = dispatched("write").losesReply().settles("applied");
    expectAt(run, "effect.confirming");
    expectAt(run.confirms(), "acting");
    expect(run.context.spent.effects).toBe(1);
  },
  "tries again what a person settled as absent, verified anew"() {
    const run = dispatched("write").losesReply().settles("absent");
    expectAt(run, "waiting");
    run.timesOut().assesses();
    expectAt(run, "verifying");
    expectAt(run.verifies().assesses(), "effect.committing");
    expect(run.sent).toMatchObject([{ attempt: 1 }, { attempt: 2 }]);
  },
  "does not forget a doubt in a crash loop"() {
    const run = dispatched("asked", { limits: { recoveries: 1 } })
      .crashes()
      .crashes()
      .crashes();
    expectAt(run, "escalated", "crashLoop");
    expectAt(run.resumes(), "escalated", "crashLoop");
    expect(run.context.doubt?.key).toBe("run/1/0");
  },
  "confirms first what a late reply proved applied while the run was parked"() {
    const run = dispatched("write").losesReply().hearsLate("applied").resumes();
    expectAt(run, "effect.confirming");
    expectAt(run.confirms(), "acting");
  },
  "takes no late word for an effect of another turn"() {
    const run = dispatched("write").applies().confirms().hearsLate("applied", 1, "run/0/0");
    expectAt(run, "acting");
    expect(run.context.spent.effects).toBe(1);
  },
  "ends at an abort wherever nothing is in flight"() {
    const states = [
      start(),
      start().acts({ changed: true }),
      atGate(["write"]),
      atGate(["drop"]).assesses(),
      start().failsToAct("unavailable"),
      dispatched("asked").losesReply(),
      dispatched("write").losesReply(),
    ];
    for (const run of states) expectAt(run.aborts(), "stopped", "aborted");
  },
  "charges a lost turn at its worst case"() {
    const rules = { agent: { maxPerTurn: { tokens: 100, costMicroUsd: 50 } } };
    expect(start(rules).aborts().context.spent).toMatchObject({ tokens: 100, costMicroUsd: 50 });
    expect(start(rules).timesOut().context.spent).toMatchObject({ tokens: 100, costMicroUsd: 50 });
    expect(start(rules).breaks().context.spent).toMatchObject({ tokens: 100, costMicroUsd: 50 });
    expect(start(rules).crashes().context.spent).toMatchObject({ tokens: 100, costMicroUsd: 50 });
    const loop = start({ ...rules, limits: { recoveries: 1 } })
      .crashes()
      .crashes();
    expectAt(loop, "escalated", "crashLoop");
    expect(loop.context.spent).toMatchObject({ tokens: 200, costMicroUsd: 100 });
  },
  "parks when a fold failed, and keeps the doubt"() {
    const rules = { agent: { maxPerTurn: { tokens: 100, costMicroUsd: 50 } } };
    const turn = start(rules).failsToFold();
    expectAt(turn, "escalated", "internal");
    expect(turn.context.spent).toMatchObject({ tokens: 100, costMicroUsd: 50 });
    const run = dispatched("write").failsToFold();
    expectAt(run, "escalated", "internal");
    expectAt(run.resumes(), "escalated", "internal");
    expectAt(run.hearsLate("notApplied").resumes(), "acting");
  },
};
