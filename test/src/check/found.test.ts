import { describe, expect, it } from "vitest";
import { decideContinue, isWithin, LimitName, remainingOf } from "../../../guards/continue.ts";
import { decideProgress } from "../../../guards/progress.ts";
import { decideRepetition } from "../../../guards/repetition.ts";
import { LoopRules } from "../../../machines/rules.ts";
import { abstractRules } from "../../../src/check/bounds.ts";
import { now } from "../../../src/check/forget.ts";
import { canRunOut, type Found, memoryOf } from "../../../src/check/found.ts";
import { memory } from "../../helpers/memory.ts";

const rules = abstractRules(LoopRules.parse({ agent: { maxPerTurn: { tokens: 5, costMicroUsd: 0 } } }));
const before = memory({ startedAt: now });
const found = (...what: Found[]) => memoryOf(before, what, rules, { type: "any" });
const budgetOf = ({ raised, spent, startedAt }: typeof before) => ({
  limits: rules.limits,
  raised,
  spent,
  startedAt,
  now,
});

describe("what is found out now", () => {
  it.each(LimitName.options)("is a limit that is used up: %s", (name) => {
    const input = {
      ...budgetOf(found(`${name} are used up`)),
      worst: rules.agent.maxPerTurn,
      steps: 1 as const,
    };
    expect(decideContinue({ ...input, ...budgetOf(before) }).ok).toBe(true);
    const stops = ["steps", "activeMs", "deadlineMs", "tokens"].includes(name);
    if (stops) expect(decideContinue(input)).toEqual({ ok: false, reason: name });
    else if (name === "costMicroUsd") expect(canRunOut(name, rules)).toBe(false);
    else expect(isWithin({ ...input, name })).toBe(false);
  });

  it("leaves just too little for the worst case of a turn", () => {
    expect(remainingOf("tokens", budgetOf(found("tokens are used up")))).toBe(
      rules.agent.maxPerTurn!.tokens - 1,
    );
  });

  it("is a detector that strikes, for the first time or again", () => {
    const { repetition } = found("an action repeats itself");
    expect(decideRepetition(repetition)).toMatchObject({ reason: "nudge" });
    expect(decideRepetition(found("an action repeats itself again").repetition)).toMatchObject({
      reason: "repeatedAction",
    });
    expect(decideProgress({ state: found("no progress").progress, rules: rules.progress })).toMatchObject({
      reason: "nudge",
    });
    expect(
      decideProgress({ state: found("no progress again").progress, rules: rules.progress }),
    ).toMatchObject({
      reason: "noProgress",
    });
  });

  it("is several things at once, and nothing where nothing is found", () => {
    expect(found()).toEqual(before);
    const both = found("steps are used up", "questions are used up");
    expect([both.spent.steps, both.spent.questions]).toEqual([rules.limits.steps, rules.limits.questions]);
  });

  it("needs something that it can be about", () => {
    expect(found("the verdict is too old", "what was sent has settled", "it was asked too often")).toEqual(
      before,
    );
  });
});
