import { expect, test } from "vitest";
import { createLoopMachine } from "../../../machines/loop.ts";
import { LoopRules } from "../../../machines/rules.ts";
import { chartOf } from "../../../src/diagram/chart.ts";
import { eventWords, guardWords } from "../../../src/diagram/words.ts";

test.each([
  ["", ""],
  ["xstate.done.actor.act", "act answers"],
  ["xstate.error.actor.verify", "verify fails"],
  ["xstate.after.untilDue.loop.waiting", "time runs out"],
  ["directive.resume", "a person resumes"],
  ["something.else", "something.else"],
])("says %j as %j", (type, words) => {
  expect(eventWords(type)).toBe(words);
});

test("says a guard with what it is asked about", () => {
  expect(guardWords(undefined)).toBeNull();
  expect(guardWords("isAborted")).toBe("is aborted");
  expect(guardWords({ type: "ruleIs", params: { actual: "x", wanted: "stop" } })).toBe("rule is stop");
  expect(guardWords({ type: "isTurn", params: () => ({ kind: "stuck" }) })).toBe("is turn stuck");
  expect(
    guardWords({
      type: "isTurn",
      params: () => {
        throw new Error("no sample");
      },
    }),
  ).toBe("is turn");
});

test("tells apart all uses of a parameterized guard in the loop", () => {
  const { transitions } = chartOf(createLoopMachine(LoopRules.parse({})));
  for (const guard of ["is turn", "is refused", "is retry refused", "may retry", "is within"]) {
    expect(transitions.filter((transition) => transition.guard === guard)).toEqual([]);
  }
});
