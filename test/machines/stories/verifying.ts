import { expect } from "vitest";
import type { RulesInput, Stories } from "../../helpers/driving.ts";
import { atGate, expectAt, start } from "./tools.ts";

/** What proves a step, and the goal. */
export const verifyingStories: Stories = {
  "verifies a changed workspace and goes on"() {
    const run = start().acts({ changed: true });
    expect(run.awaited?.input).toMatchObject({ purpose: "proposal", step: 1 });
    expectAt(run.verifies(), "acting");
  },
  "verifies the goal at once where a claim of done leaves nothing to deliver"() {
    const run = start().acts({ claim: "done", changed: true });
    expect(run.awaited?.input).toMatchObject({ purpose: "goal" });
    expectAt(
      run.verifies("passed", { tree: "T5", usage: { tokens: 7, costMicroUsd: 3 } }),
      "succeeded",
      "goal",
    );
    expect(run.context).toMatchObject({ verdict: { result: "passed", tree: "T5" }, spent: { tokens: 8 } });
  },
  "charges what the opinions used, and their worst case when that is lost"() {
    const worst = { tokens: 20, costMicroUsd: 2 };
    const rules = {
      opinions: { maxPerVerification: worst },
      agent: { maxPerTurn: { tokens: 5, costMicroUsd: 1 } },
    };
    const spentAfter = (end: (run: ReturnType<typeof start>) => unknown): number => {
      const run = start(rules).acts({ changed: true, usage: { tokens: 0, costMicroUsd: 0 } });
      end(run);
      return run.context.spent.tokens;
    };
    expect(spentAfter((run) => run.verifies("passed", { usage: { tokens: 3, costMicroUsd: 1 } }))).toBe(3);
    expect(spentAfter((run) => run.crashes())).toBe(20);
    expect(spentAfter((run) => run.timesOut())).toBe(20);
  },
  "starts no step whose opinions may pass the limit"() {
    const opinions = { maxPerVerification: { tokens: 20, costMicroUsd: 0 } };
    const agent = { maxPerTurn: { tokens: 5, costMicroUsd: 0 } };
    expectAt(start({ opinions, agent, limits: { tokens: 44 } }), "stopped", "limit");
    expectAt(start({ opinions, agent, limits: { tokens: 45 } }), "acting");
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
  "starts at the best tree so far, by the metric's direction and the mode"() {
    const startAfter = (some: { direction?: string; workspace?: string }, scores: readonly number[]) => {
      const { workspace, ...direction } = some;
      const progress = { metric: { name: "m", ...direction } };
      const run = start({ progress, retry: { workspace } } as RulesInput);
      run.verifies("failed", { score: scores[0], tree: "T0" });
      for (const [i, score] of scores.slice(1).entries())
        run.acts({ changed: true, tree: `T${i + 1}` }).verifies("failed", { score, tree: `T${i + 1}` });
      return run.context.workspace.start;
    };
    expect(startAfter({}, [5, 4, 6])).toBe("T1");
    expect(startAfter({ direction: "higher" }, [5, 4, 6])).toBe("T2");
    expect(startAfter({}, [5, 5])).toBe("T1");
    expect(startAfter({ workspace: "reset" }, [5, 4, 6])).toBe("T0");
    expect(startAfter({ workspace: "strictRatchet" }, [5, 5])).toBe("T0");
  },
  "does not count failures on both sides of a proof as a row"() {
    const failing = () => start().acts({ changed: true }).verifies("failed").acts({ changed: true });
    expectAt(failing().verifies().acts({ changed: true }).verifies("failed"), "acting");
    const again = failing().verifies("failed");
    expectAt(again, "escalated", "sameFailure");
    expect(again.context.repetition.recent).toHaveLength(2);
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
