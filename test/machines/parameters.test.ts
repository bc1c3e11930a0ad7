import { describe, expect, it } from "vitest";
import {
  hasNext,
  keyOf,
  parametersOf,
  purposeOf,
  randomOf,
  timeOf,
  toolOf,
} from "../../machines/parameters.ts";
import { LoopRules } from "../../machines/rules.ts";
import { turnOf } from "../helpers/driving.ts";
import { memory } from "../helpers/memory.ts";

const rules = LoopRules.parse({
  tools: { write: { effect: "write" } },
  limits: { deadlineMs: 1_000, activeMs: 500 },
});
const parameters = parametersOf(rules);
const at = (now: number, event: object = {}) => ({
  context: memory(),
  event: { type: "e", at: now, ...event },
});

describe("time and chance", () => {
  it("are the event's own, the reply's, or the input's", () => {
    for (const event of [
      { at: 7, random: 0.1 },
      { output: { at: 7, random: 0.1 } },
      { input: { at: 7, random: 0.1 } },
    ]) {
      const args = { context: memory(), event: { type: "e", ...event } };
      expect([timeOf(args), randomOf(args)]).toEqual([7, 0.1]);
    }
  });

  it("are the due time and the longest wait for a timer that carries nothing", () => {
    const args = { context: memory({ dueAt: 9 }), event: { type: "xstate.after" } };
    expect([timeOf(args), randomOf(args)]).toEqual([9, 1]);
  });
});

it("gives an effect one key for life", () => {
  const context = memory({ cursor: 1, spent: { ...memory().spent, steps: 3 } });
  expect(keyOf({ context })).toBe("run/3/1");
});

it("assumes the worst of a tool that nobody declared", () => {
  expect(toolOf(rules, "write").effect).toBe("write");
  expect(toolOf(rules, "else")).toMatchObject({ effect: "destructive", repeat: "never" });
});

it("asks for the goal only when done is claimed and nothing is left to deliver", () => {
  const turn = turnOf({ tools: ["write"], claim: "done" });
  expect(purposeOf({ context: memory({ turn }) })).toBe("proposal");
  expect(purposeOf({ context: memory({ turn, cursor: 1 }) })).toBe("goal");
  expect(purposeOf({ context: memory({ turn: { ...turn, claim: null }, cursor: 1 }) })).toBe("proposal");
  expect(hasNext({ context: memory({ turn: null }) })).toBe(false);
});

it("leaves a call no more time than the run has, and never none", () => {
  expect([
    parameters.left(at(0), 100),
    parameters.left(at(0), 9_999),
    parameters.left(at(900), 9_999),
    parameters.left(at(5_000), 9_999),
  ]).toEqual([100, 500, 100, 1]);
});

it("names the limit that stands in the way", () => {
  expect(parameters.gateLimit(at(1_000))).toBe("deadlineMs");
  expect(parameters.gateLimit(at(0))).toBe("effects");
  expect(parameters.spentLimit(at(0))).toBeNull();
  expect(parameters.spentLimit(at(1_000))).toBe("deadlineMs");
});

it("says of every limit what remains", () => {
  expect(parameters.remaining(at(400))).toMatchObject({
    deadlineMs: 600,
    activeMs: 500,
    steps: 50,
    actionsPerTurn: 8,
  });
});
