import { expect } from "vitest";
import type { Stories } from "../../helpers/driving.ts";
import { atGate, dispatched, expectAt } from "./tools.ts";

const kinds = (feedback: readonly { kind: string }[]) => feedback.map(({ kind }) => kind);

/** From a proposed action to a confirmed effect, and on to what follows. */
export const effectStories: Stories = {
  "dispatches what is verified and allowed, and confirms it"() {
    const run = dispatched("write");
    expectAt(run, "effect.committing");
    expect(run.context.doubt).toEqual({ key: "run/1/0", attempts: [1], at: run.now });
    expect(run.sent).toMatchObject([{ key: "run/1/0", attempt: 1, tree: "T1", grants: [] }]);
    expectAt(run.applies().confirms(), "acting");
    expect(run.context.doubt).toBeNull();
    expect(run.context.repetition.recent).toHaveLength(1);
    expect(kinds(run.context.feedback)).toEqual(["applied"]);
  },
  "runs the actions of a turn one after the other, each through the gate"() {
    const run = atGate(["write", "safe"]).assesses().applies().confirms();
    expectAt(run, "effect.assessing");
    expectAt(run.assesses().applies().confirms(), "acting");
    expect(run.sent.map(({ key }) => key)).toEqual(["run/1/0", "run/1/1"]);
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
