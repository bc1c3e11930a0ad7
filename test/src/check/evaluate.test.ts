import { describe, expect, it } from "vitest";
import { setup } from "xstate";
import { searched } from "../../../src/check/check.ts";
import { createEvaluator } from "../../../src/check/evaluate.ts";
import { explore } from "../../../src/check/explore.ts";
import { createInterpreter } from "../../../src/check/interpret.ts";
import type { Machine } from "../../../src/host/fold.ts";
import { references } from "../../helpers/checking.ts";
import { both, compared } from "../../helpers/comparing.ts";

describe("the evaluator", () => {
  it("does what XState does, in value, memory, calls and timers, on every transition of a search", {
    timeout: 300_000,
  }, () => {
    for (const contract of Object.values(references)) {
      const { machine, world } = searched(contract);
      const chart = both(createEvaluator(machine), createInterpreter(machine));
      const { cut } = explore(chart, world, { properties: [], statesMax: 900, timeMaxMs: 250_000 });
      expect(cut ?? "statesMax (900)").toBe("statesMax (900)");
    }
    expect(compared.transitions).toBeGreaterThan(100_000);
  });

  it("refuses a machine with eventless transitions that never end", () => {
    const endless = setup({}).createMachine({
      initial: "a",
      context: () => ({}),
      states: { a: { always: "b" }, b: { always: "a" } },
    }) as unknown as Machine;
    const input = { at: 0, runId: "run", baseTree: null, turn: null, carried: null };
    expect(() => createEvaluator(endless).begin(input)).toThrow("no end of eventless transitions");
  });
});
