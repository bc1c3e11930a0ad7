import { describe, expect, it } from "vitest";
import { parametersOf } from "../../machines/parameters.ts";
import { LoopRules } from "../../machines/rules.ts";
import {
  attemptInput,
  escalateFor,
  failureFrom,
  failureOf,
  finishFor,
  replyOf,
  spendOne,
  wiringOf,
} from "../../machines/wiring.ts";
import { turnOf } from "../helpers/driving.ts";
import { memory } from "../helpers/memory.ts";

const args = {
  context: memory({ call: { id: "4", openedAt: 0 } }),
  event: { type: "e", at: 7, output: { found: "absent" } },
};
const wiring = (onLimit: "stop" | "escalate") => {
  const rules = LoopRules.parse({ escalate: { onLimit }, limits: { activeMs: 50 } });
  return wiringOf(rules, parametersOf(rules));
};

describe("shared wiring", () => {
  it("stamps why a run parks or ends with the event's time, details computed or given", () => {
    expect(escalateFor("limit", () => "steps").params(args)).toEqual({
      reason: "limit",
      detail: "steps",
      now: 7,
    });
    expect(finishFor("goal").params(args)).toEqual({ reason: "goal", detail: null, now: 7 });
  });

  it("keeps whose failure it was, and takes the chart's own for what they say", () => {
    const failure = { errorClass: "timeout" as const, message: "m", retryAfterMs: 3 };
    expect(failureFrom({ failure, fingerprint: "f" }, "read")).toEqual({
      origin: "read",
      ...failure,
      fingerprint: "f",
      score: null,
    });
    expect(failureOf("effect", "denied", "no")).toMatchObject({
      origin: "effect",
      fingerprint: "no",
      retryAfterMs: null,
    });
  });

  it("reads the reply off the event, and counts one thing", () => {
    expect(replyOf(args)).toEqual({ found: "absent" });
    expect(spendOne("recoveries").params).toEqual({ name: "recoveries" });
  });

  it("names the verified tree in an attempt, or the turn's where the verdict was voided", () => {
    const verdict = { result: "passed" as const, proposal: "p", tree: "T2", at: 0 };
    expect(attemptInput({ context: { ...args.context, verdict } })).toMatchObject({
      callId: "4",
      key: "run/0/0",
      tree: "T2",
      attempt: 0,
    });
    expect(
      attemptInput({ context: { ...args.context, turn: turnOf({ tools: ["write"], tree: "T9" }) } }).tree,
    ).toBe("T9");
  });

  it("times a call out at its ceiling or with the run's time, whichever is less", () => {
    const { openCall } = wiring("stop");
    expect(openCall(10).params(args)).toEqual({ now: 7, timeoutMs: 10 });
    expect(openCall(() => 9_999).params(args)).toEqual({ now: 7, timeoutMs: 50 });
  });

  it("looks at the contract before it stops at a limit", () => {
    expect(wiring("stop").atLimit("steps")[0]).toMatchObject({
      target: "#stopped",
      guard: { params: { actual: "stop", wanted: "stop" } },
    });
    expect(wiring("escalate").atLimit("steps")[0]).toMatchObject({
      guard: { params: { actual: "escalate", wanted: "stop" } },
    });
  });
});
