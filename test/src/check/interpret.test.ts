import { expect, it } from "vitest";
import { searched } from "../../../src/check/check.ts";
import { createInterpreter } from "../../../src/check/interpret.ts";
import { originOf } from "../../../src/check/ways.ts";
import { contractOf } from "../../helpers/checking.ts";

it("evaluates a machine through XState, from any state and memory", () => {
  const { machine, world } = searched(contractOf());
  const chart = createInterpreter(machine);
  const first = chart.begin(originOf(null, world));
  expect(first).toMatchObject({
    state: "acting",
    ended: false,
    calls: [{ name: "act" }],
    timers: { set: [expect.any(String)] },
  });
  const aborted = chart.step(first, {
    type: "directive.abort",
    reason: "",
    at: 1_000_000_000,
    random: 0,
  } as never);
  expect(aborted).toMatchObject({ state: "stopped", ended: true, calls: [] });
  const nested = { state: "effect.awaitingApproval", context: first.context };
  expect(chart.step(nested, { type: "unknown" })).toMatchObject({
    state: "effect.awaitingApproval",
    calls: [],
  });
  expect(chart.transitions).toEqual([]);
});
