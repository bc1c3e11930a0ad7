import { expect } from "vitest";
import type { Stories } from "../../helpers/driving.ts";
import { dispatched, expectAt, start } from "./tools.ts";

const metric = { progress: { metric: { name: "failing" } } };

/** Continue: start, decide, act. */
export const loopStories: Stories = {
  "starts with the agent's first turn"() {
    const run = start();
    expectAt(run, "acting");
    expect(run.awaited?.input).toMatchObject({
      step: 1,
      start: "T0",
      feedback: [],
      remaining: { steps: 49 },
    });
  },
  "hands the agent what it remembered, and what there is to tell"() {
    const run = start().acts({ changed: true, memory: "m1" }).verifies("failed");
    expect(run.awaited?.input).toMatchObject({ step: 2, memory: "m1", feedback: run.context.feedback });
    expect(run.context.feedback).toHaveLength(1);
  },
  "measures first where the progress is to be measured"() {
    const run = start(metric);
    expectAt(run, "measuring");
    run.verifies("failed", { score: 3, usage: { tokens: 5, costMicroUsd: 2 } });
    expectAt(run, "acting");
    expect(run.context.workspace.bestScore).toBe(3);
    expect(run.context.spent).toMatchObject({ tokens: 5, costMicroUsd: 2 });
  },
  "hands off when nothing can be measured"() {
    expectAt(start(metric).verifies("passed"), "escalated", "unverifiable");
    expectAt(start(metric).breaks(), "escalated", "unverifiable");
    expectAt(start(metric).timesOut(), "escalated", "unverifiable");
  },
  "measures again after a crash, within the recoveries"() {
    const run = start({ ...metric, limits: { recoveries: 1 } }).crashes();
    expectAt(run, "measuring");
    expectAt(run.crashes(), "escalated", "crashLoop");
  },
  "ends at a limit resumable, or asks a person, as the contract says"() {
    const spent = (escalate: object) =>
      start({ limits: { steps: 1 }, escalate })
        .acts({ changed: true })
        .verifies();
    const run = spent({});
    expectAt(run, "stopped", "limit");
    expect(run.context.outcome?.detail).toBe("steps");
    expectAt(spent({ onLimit: "escalate" }), "escalated", "limit");
  },
  "starts no turn whose worst case does not fit"() {
    const rules = { agent: { maxPerTurn: { tokens: 100, costMicroUsd: 1 } }, limits: { tokens: 150 } };
    const run = start(rules)
      .acts({ changed: true, usage: { tokens: 60, costMicroUsd: 1 } })
      .verifies();
    expectAt(run, "stopped", "limit");
    expect(run.context.outcome?.detail).toBe("tokens");
  },
  "starts a turn over after a crash without another step, as long as the worst case fits"() {
    const agent = { maxPerTurn: { tokens: 100, costMicroUsd: 1 } };
    const run = start({ agent, limits: { tokens: 250 } }).crashes();
    expectAt(run, "acting");
    expect(run.context.spent).toMatchObject({ steps: 1, recoveries: 1, tokens: 100 });
    expectAt(run.crashes(), "stopped", "limit");
    const last = start({ agent, limits: { steps: 1, tokens: 150 } }).crashes();
    expect(last.context.outcome).toMatchObject({ reason: "limit", detail: "tokens" });
  },
  "names the limit when the run's time ends while it measures"() {
    const run = start({ ...metric, limits: { deadlineMs: 5_000 } }).timesOut();
    expectAt(run, "stopped", "limit");
    expect(run.context.outcome?.detail).toBe("deadlineMs");
  },
  "starts no turn over under a halt"() {
    expectAt(start().halts().crashes(), "escalated", "halted");
  },
  "hands off a crash loop"() {
    expectAt(
      start({ limits: { recoveries: 1 } })
        .crashes()
        .crashes(),
      "escalated",
      "crashLoop",
    );
  },
  "decides nothing under a halt"() {
    expectAt(start().acts({ changed: true }).halts().verifies(), "escalated", "halted");
  },
  "hands off what the agent says it cannot do"() {
    const run = start().acts({ claim: "stuck", note: "which database?" });
    expectAt(run, "escalated", "agentAsked");
    expect(run.context.escalation?.detail).toBe("which database?");
  },
  "corrects a turn with more actions than allowed"() {
    const run = start({ limits: { actionsPerTurn: 1 } }).acts({ tools: ["write", "safe"] });
    expectAt(run, "acting");
    expect(run.context.feedback).toMatchObject([{ kind: "failure", errorClass: "invalidArguments" }]);
  },
  "retries a turn that timed out or broke"() {
    expectAt(start().timesOut(), "waiting");
    expectAt(start().breaks(), "waiting");
  },
  "nudges an agent that gets nowhere, then asks a person"() {
    const run = start();
    let nudges = 0;
    let turns = 0;
    while (run.state === "acting") {
      turns += 1;
      expect(run.context.spent.steps).toBe(turns);
      run.acts();
      if (run.context.feedback.some(({ kind }) => kind === "nudge")) nudges += 1;
    }
    expectAt(run, "escalated", "noProgress");
    expect(nudges).toBe(1);
  },
  "nudges an agent that goes round in circles, then asks a person"() {
    const run = start({ progress: { patience: 1_000 } });
    let nudges = 0;
    let turns = 0;
    while (run.state === "acting") {
      turns += 1;
      expect(run.context.spent.steps).toBe(turns);
      run
        .acts({ tools: ["read"] })
        .assesses()
        .reads("same");
      if (run.context.feedback.some(({ kind }) => kind === "nudge")) nudges += 1;
    }
    expectAt(run, "escalated", "repeatedAction");
    expect(nudges).toBe(1);
  },
  "does not decide past a doubt"() {
    expectAt(dispatched("safe").losesReply("conflict"), "escalated", "unknownOutcome");
  },
  "goes on from the memory of an earlier machine, a doubt first"() {
    const doubtful = start({}, { carried: dispatched("write").losesReply().context });
    expectAt(doubtful, "escalated", "unknownOutcome");
    expectAt(start(metric, { carried: doubtful.context }), "escalated", "unknownOutcome");
    expectAt(doubtful.settles("applied").confirms(), "acting");
    expectAt(start({}, { carried: start().acts({ claim: "stuck" }).context }), "acting");
  },
  "confirms first what a late reply proved applied before the machine was changed"() {
    const known = dispatched("write").losesReply().hearsLate("applied").context;
    const run = start({}, { carried: known });
    expectAt(run, "effect.confirming");
    expectAt(run.confirms(), "acting");
    expect(run.context.spent.effects).toBe(1);
  },
};
