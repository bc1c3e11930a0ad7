import { expect } from "vitest";
import type { LoopState } from "../../../actions/state.ts";
import type { Driven, Stories } from "../../helpers/driving.ts";
import { expectAt, start } from "./tools.ts";

const call = (tool: string, rules = {}, carried: LoopState | null = null): Driven =>
  start(rules, { machine: "call", turn: { tools: [tool] }, carried });

/** One tool call from outside a loop, through the same gate. */
export const callStories: Stories = {
  "answers a verified write once it is confirmed"() {
    const run = call("write");
    expectAt(run, "verifying");
    expectAt(run.verifies().assesses().applies().confirms(), "succeeded", "answered");
    expect(run.sent).toMatchObject([{ key: "run/1/0", attempt: 1 }]);
  },
  "answers a read without a verdict"() {
    const run = call("read");
    expectAt(run, "effect.assessing");
    expectAt(run.assesses().reads("42"), "succeeded", "answered");
    expect(run.context.feedback).toEqual([{ kind: "observed", tool: "read", result: "42" }]);
  },
  "answers a read that failed at first"() {
    const run = call("read").assesses().failsToRead("unavailable").timesOut();
    expectAt(run.assesses().reads("42"), "succeeded", "answered");
  },
  "refuses with what a loop would tell its agent"() {
    const run = call("write").verifies("failed");
    expectAt(run, "stopped", "refused");
    expect(run.context.outcome?.detail).toBe("checks: failed");
    expectAt(call("write").verifies().assesses({ inputValid: false }), "stopped", "refused");
    expectAt(call("drop").verifies().assesses().denies(), "stopped", "refused");
  },
  "returns nothing past a doubt"() {
    expectAt(call("safe").verifies().assesses().losesReply("conflict"), "escalated", "unknownOutcome");
  },
  "goes on after a crash or a wait, and never twice"() {
    const run = call("asked").verifies().assesses().crashes();
    expectAt(run.finds("applied").confirms(), "succeeded", "answered");
    expect(run.sent).toHaveLength(1);
  },
  "does not answer with success because a person let it go on: it tries again"() {
    const run = call("write").verifies().assesses({ inScope: false }).resumes();
    expectAt(run, "verifying");
    expectAt(run.verifies().assesses().applies().confirms(), "succeeded", "answered");
    expectAt(call("read").assesses({ permitted: false }).resumes(), "effect.assessing");
  },
  "does not send again what was applied when a person lets an unconfirmed effect stand"() {
    const run = call("write").verifies().assesses().applies().confirms(false).resumes();
    expectAt(run, "succeeded", "answered");
    expect(run.sent).toHaveLength(1);
  },
  "goes on from the memory of an earlier machine, a doubt first"() {
    const doubt = call("write").verifies().assesses().losesReply();
    const carried = call("write", {}, doubt.context);
    expectAt(carried, "escalated", "unknownOutcome");
    expectAt(carried.settles("applied").confirms(), "succeeded", "answered");
    expectAt(call("write", {}, doubt.hearsLate("applied").context), "effect.confirming");
  },
};
