import { describe, expect, it } from "vitest";
import { type Asked, acceptsChange, refuseResume } from "../../../src/engine/refusals.ts";
import { memory } from "../../helpers/memory.ts";

const change = { what: "contract" as const, was: "a", now: "b", differences: ["limits.steps: 5 → 7"] };
const doubt = { key: "run/1/0", attempts: [1], at: 1 };
const limit = { status: "stopped" as const, reason: "limit" as const, detail: "steps", at: 1 };

type Given = Partial<Omit<Asked, "record">> & { state?: string; status?: string };
const asked = ({ state = "acting", status = "running", ...given }: Given = {}): Asked => ({
  record: { id: "run", state, status } as never,
  memory: memory(),
  options: {},
  changes: [],
  ...given,
});
const refusal = (given: Given): string => {
  try {
    refuseResume(asked(given));
    return "none";
  } catch (error) {
    return (error as Error).message;
  }
};
const escalated = { state: "escalated", status: "parked" };
const stopped = { state: "stopped", status: "ended" };

describe("refuseResume", () => {
  it.each<[string, Given]>([
    ["a run that was interrupted", {}],
    ["an escalated run, with a word", { ...escalated, options: { say: "go", raise: { steps: 1 } } }],
    [
      "a run at its limit, with more of it",
      { ...stopped, memory: memory({ outcome: limit }), options: { raise: { steps: 1 } } },
    ],
    [
      "a crash in a dispatch, which the chart takes care of",
      { state: "effect.committing", memory: memory({ doubt }) },
    ],
    [
      "a change that is accepted, with a word",
      { changes: [change], options: { acceptChange: true, say: "go" } },
    ],
  ])("lets through %s", (_what, given) => {
    expect(refusal(given)).toBe("none");
  });

  it.each<[string, Given, string]>([
    ["a doubt", { ...escalated, memory: memory({ doubt }) }, "in doubt"],
    [
      "a doubt, change accepted",
      { ...escalated, memory: memory({ doubt }), changes: [change], options: { acceptChange: true } },
      "in doubt",
    ],
    [
      "a doubt at a limit",
      { ...stopped, memory: memory({ doubt, outcome: limit }), options: { raise: { steps: 1 } } },
      "in doubt",
    ],
    ["a change", { changes: [change] }, "limits.steps: 5 → 7"],
    ["a word that nobody hears", { options: { say: "go" } }, "would not hear it"],
    [
      "a word with a change accepted that is none",
      { options: { say: "go", acceptChange: true } },
      "would not hear it",
    ],
    [
      "an end",
      { ...stopped, memory: memory({ outcome: { ...limit, reason: "aborted" } }) },
      "has ended: aborted",
    ],
    ["a limit that stays", { ...stopped, memory: memory({ outcome: limit }) }, "limit of steps"],
    [
      "a limit of which nothing more is given",
      { ...stopped, memory: memory({ outcome: limit }), options: { raise: { steps: 0, tokens: 5 } } },
      "limit of steps",
    ],
    [
      "a limit, with a change accepted that is none",
      { ...stopped, memory: memory({ outcome: limit }), options: { acceptChange: true } },
      "limit of steps",
    ],
  ])("refuses %s", (_what, given, message) => {
    expect(refusal(given)).toContain(message);
  });
});

it("accepts a change only where there is one and a person says so", () => {
  expect(acceptsChange({ changes: [change], options: { acceptChange: true } })).toBe(true);
  expect(acceptsChange({ changes: [change], options: {} })).toBe(false);
  expect(acceptsChange({ changes: [], options: { acceptChange: true } })).toBe(false);
});
