import type { RunEnd } from "../../../src/engine/types.ts";

/** The end of a run, succeeded where nothing else is said. */
export const endOf = (parts: Partial<RunEnd> = {}): RunEnd => ({
  runId: "7",
  status: "succeeded",
  reason: "goal",
  detail: null,
  spent: {
    steps: 3,
    activeMs: 1_500,
    tokens: 0,
    costMicroUsd: 0,
    effects: 1,
    questions: 0,
    recoveries: 0,
    reverifications: 0,
  },
  applied: [],
  doubt: null,
  ...parts,
});
