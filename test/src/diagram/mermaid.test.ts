import { expect, test } from "vitest";
import type { Chart } from "../../../src/diagram/chart.ts";
import { mermaid } from "../../../src/diagram/mermaid.ts";

const state = { parent: null, kind: "state" as const, initial: null, call: null, parked: false };
const chart: Chart = {
  machine: "small",
  initial: "a",
  states: [
    { ...state, id: "a", call: "act" },
    { ...state, id: "b", kind: "compound", initial: "b.c" },
    { ...state, id: "b.c", parent: "b" },
    { ...state, id: "end", kind: "final" },
  ],
  transitions: [
    { from: null, on: "a person aborts", guard: null, to: "end" },
    { from: "a", on: "act answers", guard: "is turn stuck", to: "b" },
    { from: "a", on: "act answers", guard: null, to: "b" },
    { from: "a", on: "halt", guard: null, to: null },
    { from: "b.c", on: "", guard: null, to: "end" },
  ],
};

test("draws states, nesting, arrows and ends", () => {
  expect(mermaid(chart)).toBe(`stateDiagram-v2
  direction TB
  [*] --> a
  state "a<br/>(calls act)" as a
  state "b" as b {
    [*] --> b_c
    state "c" as b_c
  }
  state "end" as end
  state "any state" as any
  any --> end : a person aborts
  a --> b : act answers [is turn stuck]<br/>act answers [otherwise]
  b_c --> end
  end --> [*]
`);
});
