import { expect } from "vitest";
import type { Stories } from "../../helpers/driving.ts";
import { atGate, expectAt, start } from "./tools.ts";

/** What proves a step, and the goal. */
export const verifyingStories: Stories = {
  "verifies a changed workspace and goes on"() {
    const run = start().acts({ changed: true });
    expect(run.awaited?.input).toMatchObject({ purpose: "proposal" });
    expectAt(run.verifies(), "acting");
  },
  "verifies the goal at once where a claim of done leaves nothing to deliver"() {
    const run = start().acts({ claim: "done", changed: true });
    expect(run.awaited?.input).toMatchObject({ purpose: "goal" });
    expectAt(run.verifies(), "succeeded", "goal");
  },
  "verifies the proposal first, the goal last, where a claim of done brings an action"() {
    const run = atGate(["read"], {}, "done").assesses().reads();
    expect(run.awaited?.input).toMatchObject({ purpose: "goal" });
    expectAt(run.verifies(), "succeeded", "goal");
  },
  "goes to the goal when the rest of a proved claim has no action left"() {
    const run = start()
      .acts({ claim: "done", tools: ["write"] })
      .verifies()
      .assesses({ appliedBefore: "run/0/0" });
    expect(run.awaited?.input).toMatchObject({ purpose: "goal" });
  },
  "does not believe a reply that calls itself the goal's"() {
    expectAt(start().acts({ changed: true }).verifies("passed", { purpose: "goal" }), "acting");
  },
  "tells the agent what failed, and starts where the rules say"() {
    const failed = (rules: object) =>
      start(rules).acts({ changed: true, tree: "T9" }).verifies("failed", { tree: "T9" }).context.workspace
        .start;
    expect(failed({})).toBe("T9");
    expect(failed({ retry: { workspace: "reset" } })).toBe("T0");
    const metric = { progress: { metric: { name: "failing" } } };
    const run = start(metric).verifies("failed", { score: 5, tree: "T0" });
    run.acts({ changed: true, tree: "T9" }).verifies("failed", { tree: "T9", score: 7 });
    expect(run.context.workspace).toMatchObject({ start: "T0", best: "T0", bestScore: 5 });
    expect(run.context.feedback).toEqual([{ kind: "verificationFailed", text: "checks: failed", score: 7 }]);
  },
  "hands off what cannot be verified"() {
    expectAt(start().acts({ changed: true }).verifies("unverifiable"), "escalated", "unverifiable");
    expectAt(start().acts({ changed: true }).breaks(), "escalated", "unverifiable");
    expectAt(start().acts({ changed: true }).timesOut(), "escalated", "unverifiable");
    expectAt(start().acts({ claim: "done" }).verifies("unverifiable"), "escalated", "unverifiable");
  },
  "names the limit when the run's time ends while it verifies"() {
    const late = (limits: object) => {
      const run = start({ limits }).acts({ changed: true }).timesOut();
      expectAt(run, "stopped", "limit");
      return run.context.outcome?.detail;
    };
    expect(late({ deadlineMs: 5_000 })).toBe("deadlineMs");
    expect(late({ activeMs: 5_000 })).toBe("activeMs");
  },
  "charges what the opinions used"() {
    const run = start()
      .acts({ changed: true })
      .verifies("passed", { usage: { tokens: 7, costMicroUsd: 3 } });
    expect(run.context.spent).toMatchObject({ tokens: 8, costMicroUsd: 4 });
  },
  "verifies again after a crash, within the recoveries"() {
    const run = start({ limits: { recoveries: 1 } })
      .acts({ changed: true })
      .crashes();
    expectAt(run, "verifying");
    expectAt(run.crashes(), "escalated", "crashLoop");
  },
};
