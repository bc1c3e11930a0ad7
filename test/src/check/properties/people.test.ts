import { expect, it } from "vitest";
import { fromRecipe } from "../../../../actions/index.ts";
import type { LoopState } from "../../../../actions/state.ts";
import { violationOf } from "./planted.ts";

/** Every call gets the id of the one before. */
const sameId = fromRecipe((state: LoopState) => {
  state.call = { id: "1", openedAt: 1_000_000_000 };
  state.setAt = 1_000_000_000;
  state.dueAt = 1_000_000_001;
}) as never;

it.each([
  ["abortEnds", "an abort that is not heard", { guards: { isAborted: () => false } }],
  ["haltHolds", "a halt that does not hold", { guards: { isHalted: () => false, mayResume: () => true } }],
  ["handedOff", "a missing permission that is tried again", { guards: { isRetryRefused: () => false } }],
  ["handedOff", "an unverifiable proposal that goes on", { guards: { isProposalProved: () => true } }],
  ["oneCall", "a call id that is used again", { actions: { openCall: sameId } }],
  ["noFault", "a chart that fails", { guards: { isTurn: () => false, hasNextAction: () => true } }],
] as const)("%s sees %s", (name, _, faults) => {
  expect(["safe", "asked", "never"].some((contract) => violationOf(name, contract, faults) !== null)).toBe(
    true,
  );
});
