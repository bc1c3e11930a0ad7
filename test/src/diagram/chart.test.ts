import { expect, test } from "vitest";
import { setup } from "xstate";
import { createLoopMachine } from "../../../machines/loop.ts";
import { LoopRules } from "../../../machines/rules.ts";
import { chartOf } from "../../../src/diagram/chart.ts";

const machine = setup({ guards: { isReady: () => true } }).createMachine({
  id: "small",
  initial: "waiting",
  on: { "directive.abort": { target: ".ended" } },
  states: {
    waiting: { tags: "parked", on: { go: { guard: "isReady", target: "working.first" } } },
    working: { initial: "first", states: { first: { always: "#small.ended" } } },
    ended: { type: "final" },
  },
});

test("reads states with their nesting and kind", () => {
  const { initial, states } = chartOf(machine);
  expect(initial).toBe("waiting");
  expect(states.map(({ id, parent, kind }) => [id, parent, kind])).toEqual([
    ["waiting", null, "state"],
    ["working", null, "compound"],
    ["working.first", "working", "state"],
    ["ended", null, "final"],
  ]);
  expect(states[0]?.parked).toBe(true);
  expect(states[1]?.initial).toBe("working.first");
});

test("reads transitions of all states and of each one", () => {
  expect(chartOf(machine).transitions).toEqual([
    { from: null, on: "a person aborts", guard: null, to: "ended" },
    { from: "waiting", on: "go", guard: "is ready", to: "working.first" },
    { from: "working.first", on: "", guard: null, to: "ended" },
  ]);
});

test("misses no target in the loop: every arrow ends at a state of the chart", () => {
  const { states, transitions } = chartOf(createLoopMachine(LoopRules.parse({})));
  const ids = new Set(states.map(({ id }) => id));
  for (const { to } of transitions) if (to !== null) expect(ids).toContain(to);
  expect(states.find(({ id }) => id === "effect.committing")?.call).toBe("execute");
});
