import { expect, it } from "vitest";
import { fromRecipe } from "../../../../actions/index.ts";
import { type GateFacts, type GateInput, mayDispatch, mayObserve } from "../../../../guards/effect.ts";
import { violationOf } from "./planted.ts";

/** Facts of which some are not as they are. */
const blindTo = (change: Partial<GateFacts>, input: GateInput): GateInput => ({
  ...input,
  facts: new Proxy<GateFacts>(input.facts, {
    get: (facts, name) => (name in change ? change[name as keyof GateFacts] : Reflect.get(facts, name)),
  }),
});

it.each([
  [
    "freshVerdict",
    "the checks' verdict is not looked at",
    (input: GateInput) => mayDispatch({ ...input, maxAgeMs: Number.MAX_SAFE_INTEGER }),
  ],
  [
    "approved",
    "everything counts as allowed",
    (input: GateInput) =>
      mayDispatch(
        blindTo(
          { policy: "allow", usedBefore: false },
          { ...input, tool: { ...input.tool, effect: "write" } },
        ),
      ),
  ],
  ["gated", "scope is not looked at", (input: GateInput) => mayDispatch(blindTo({ inScope: true }, input))],
  ["gated", "a halt is not looked at", (input: GateInput) => mayDispatch(blindTo({ halted: false }, input))],
  [
    "gated",
    "a business key is not looked at",
    (input: GateInput) => mayDispatch(blindTo({ duplicateOf: null }, input)),
  ],
  [
    "appliedOnce",
    "what was applied before is not looked at",
    (input: GateInput) => mayDispatch(blindTo({ appliedBefore: null }, input)),
  ],
])("%s sees that %s", (name, _, guard) => {
  const trace = violationOf(name, "never", { guards: { mayDispatch: (_args, input) => guard(input) } });
  expect(trace?.[0]).toBe("the run starts");
  expect(trace?.at(-1)).toMatch(/^the facts about /);
});

it("gated sees a forbidden read", () => {
  const mayRead = (input: GateInput) => mayObserve(blindTo({ inputValid: true }, input));
  expect(
    violationOf("gated", "safe", { guards: { mayObserve: (_args, input) => mayRead(input) } }),
  ).not.toBeNull();
});

it("freshVerdict sees a verdict that outlives a park", () => {
  const keep = { voidVerdict: fromRecipe(() => {}) as never, ask: fromRecipe(() => {}) as never };
  expect(violationOf("freshVerdict", "never", { actions: keep })).not.toBeNull();
});
