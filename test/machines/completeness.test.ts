import { expect, it } from "vitest";
import { OutcomeReason } from "../../actions/state.ts";
import type { GateRefusal } from "../../guards/effect.ts";
import { EscalationReason } from "../../guards/escalate.ts";
import { createCallMachine } from "../../machines/call.ts";
import { createLoopMachine } from "../../machines/loop.ts";
import { LoopRules } from "../../machines/rules.ts";
import { reached, type Stories } from "../helpers/driving.ts";
import { sharedName as shared, taken, transitionsOf } from "../helpers/tracing.ts";
import { attemptStories } from "./stories/attempt.ts";
import { callStories } from "./stories/call.ts";
import { effectStories } from "./stories/effect.ts";
import { gateStories } from "./stories/gate.ts";
import { loopStories } from "./stories/loop.ts";
import { recoveryStories } from "./stories/recovery.ts";
import { verifyingStories } from "./stories/verifying.ts";

// Plays all stories of all machines and asks the machines' own definitions what was never taken. The states that both
// machines share are one definition, so a transition of theirs counts wherever it was taken.

const stories: Stories = {
  ...loopStories,
  ...callStories,
  ...effectStories,
  ...gateStories,
  ...attemptStories,
  ...verifyingStories,
  ...recoveryStories,
};
for (const story of Object.values(stories)) story();

const rules = LoopRules.parse({});
const loop = transitionsOf(createLoopMachine(rules));
const call = transitionsOf(createCallMachine(rules));

const own = (names: readonly string[], others: readonly string[]): string[] => {
  const elsewhere = new Set(others.map(shared));
  return names.filter((name) => !elsewhere.has(shared(name)));
};
const inBoth = loop.filter((name) => !own(loop, call).includes(name));

it("takes every transition of the loop that is its own", () => {
  expect(own(loop, call).filter((name) => !taken.has(name))).toEqual([]);
});

it("takes every transition of the call that is its own", () => {
  expect(own(call, loop).filter((name) => !taken.has(name))).toEqual([]);
});

it("takes every transition that both machines share", () => {
  const everywhere = new Set([...taken].map(shared));
  expect(inBoth.map(shared).filter((name) => !everywhere.has(name))).toEqual([]);
});

it("sees transitions at all", () => {
  expect(inBoth.length).toBeGreaterThan(50);
});

it("takes no transition that the definitions do not list", () => {
  const listed = new Set([...loop, ...call]);
  expect([...taken].filter((name) => !listed.has(name))).toEqual([]);
});

it("parks for every reason", () => {
  // That a late outcome contradicts a settlement shows in the ledger, which the chart does not hold.
  const stated = EscalationReason.options.filter((reason) => reason !== "contradiction");
  expect(stated.filter((reason) => !reached.has(`escalated ${reason}`))).toEqual([]);
});

it("ends for every reason", () => {
  expect(OutcomeReason.options.filter((reason) => !reached.has(`ended ${reason}`))).toEqual([]);
});

it("meets every refusal of the gate", () => {
  // The type holds the list to be whole.
  const refusals: Record<GateRefusal, true> = {
    halted: true,
    limit: true,
    invalidArguments: true,
    outOfScope: true,
    forbidden: true,
    missingPermission: true,
    duplicate: true,
    alreadyApplied: true,
    stale: true,
    needsApproval: true,
  };
  expect(Object.keys(refusals).filter((reason) => !reached.has(`refused ${reason}`))).toEqual([]);
});
