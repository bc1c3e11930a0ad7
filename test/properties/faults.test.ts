import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { assign } from "xstate";
import { type GateInput, mayDispatch } from "../../guards/effect.ts";
import type { createLoopMachine } from "../../machines/loop.ts";
import type { RulesInput } from "../helpers/driving.ts";
import { machines, names, play, rulesOf, small, tapes } from "./walk.ts";

// A walk that finds nothing proves nothing: each fault is planted in the chart, and the walk must meet the monitor
// that names it. The first four are the holes of the prototype.

type Faults = Parameters<ReturnType<typeof createLoopMachine>["provide"]>[0];
/** `rules`: under which it is met soon; by default any. */
type Fault = { monitor: string; faults: Faults; rules?: RulesInput };

/** A gate that is told something better than the facts. */
const deceived = (better: (input: GateInput) => Partial<GateInput>): Faults => ({
  guards: { mayDispatch: (_, input) => mayDispatch({ ...input, ...better(input) }) },
});
const told = (facts: Partial<GateInput["facts"]>): Faults =>
  deceived((input) => ({ facts: { ...input.facts, ...facts } }));
const nothing = () => {};

/** Rules under which every tool is of this kind. */
const only = (tool: NonNullable<RulesInput["tools"]>[string]): RulesInput => ({
  ...small,
  tools: Object.fromEntries(names.map((name) => [name, tool])),
});

const planted: Record<string, Fault> = {
  "a resume past a doubt": {
    monitor: "doubtHeld",
    faults: { guards: { mayResume: () => true, isInDoubt: () => false } },
    rules: only({ effect: "write" }),
  },
  "a doubt that an escalation forgets": {
    monitor: "doubtHeld",
    faults: { actions: { escalate: assign({ doubt: null }) } },
    rules: only({ effect: "write" }),
  },
  "an applied action that is run again": {
    monitor: "appliedOnce|approved",
    faults: told({ appliedBefore: null }),
    rules: only({ effect: "write" }),
  },
  "success without a check of the final state": {
    monitor: "provedSuccess",
    faults: { guards: { isGoalReached: (_, { result }) => result === "passed" } },
  },
  "a dispatch on a stale verdict": {
    monitor: "freshVerdict",
    faults: deceived(({ proposal, facts, now }) => ({
      verdict: { result: "passed", proposal, tree: facts.tree, at: now },
    })),
  },
  "a verdict that outlives a parked run": {
    monitor: "freshVerdict",
    faults: { actions: { voidVerdict: nothing } },
    rules: only({ effect: "write" }),
  },
  "a dispatch without approval": {
    monitor: "approved",
    faults: deceived(({ tool, facts }) => ({
      tool: { ...tool, effect: "write", sensitivity: [] },
      facts: { ...facts, policy: "allow", usedBefore: false },
    })),
  },
  "a dispatch on a grant that is no good": {
    monitor: "approved",
    faults: deceived(({ facts, effectKey, actionDigest, now }) => ({
      facts: {
        ...facts,
        grants: facts.grants.map((grant) => ({
          ...grant,
          ...{ effectKey, actionDigest, issuedAt: now, expiresAt: now + 1, usedBy: null, revoked: false },
        })),
      },
    })),
    rules: only({}),
  },
  "a dispatch of what is out of scope": {
    monitor: "gated",
    faults: told({ inScope: true }),
    rules: only({ effect: "write" }),
  },
  "a dispatch of what is forbidden": {
    monitor: "gated|approved",
    faults: told({ policy: "allow" }),
    rules: only({ effect: "write" }),
  },
  "a read of what is refused": {
    monitor: "gated|haltHolds",
    faults: { guards: { mayObserve: (_, { tool }) => tool.effect === "read" } },
    rules: only({ effect: "read" }),
  },
  "an unknown outcome that is tried again": {
    monitor: "doubtHeld",
    faults: { guards: { ruleIs: (_, { actual, wanted }) => wanted === "safe" || actual === wanted } },
  },
  "absence that is believed too early": {
    monitor: "doubtHeld",
    faults: { guards: { isAbsentCertain: (_, { found }) => found === "absent" } },
    rules: only({ effect: "write", repeat: "reconcile" }),
  },
  "a word about one effect that settles another": {
    monitor: "doubtHeld",
    faults: { guards: { maySettle: (_, { doubt, found, wanted }) => doubt !== null && found === wanted } },
    rules: only({ effect: "write" }),
  },
  "a refused attempt that ends an earlier one's doubt": {
    monitor: "doubtHeld",
    faults: { actions: { recordNotApplied: assign({ doubt: null }) } },
    rules: only({ effect: "write", repeat: "safe" }),
  },
  "a late outcome that is not heeded": {
    monitor: "doubtHeld",
    faults: { guards: { isKnownApplied: () => false } },
    rules: only({ effect: "write", repeat: "safe" }),
  },
  "turns without a limit": { monitor: "withinLimits", faults: { guards: { isAtLimit: () => false } } },
  "counts without a limit": { monitor: "withinLimits", faults: { guards: { isWithin: () => true } } },
  "effects without a limit": {
    monitor: "withinLimits",
    faults: deceived(() => ({ withinLimits: true })),
    rules: { ...only({ effect: "write" }), limits: { effects: 1 } },
  },
  "usage that is not charged": {
    monitor: "withinLimits",
    faults: { actions: { settleUsage: nothing } },
    rules: { ...small, limits: { tokens: 150 } },
  },
  "crashes that are not counted": { monitor: "withinLimits", faults: { actions: { spend: nothing } } },
  "permission that is missing and tried again": {
    monitor: "handsOff",
    faults: { guards: { isRetryRefused: () => false, mayRetry: (_, { origin }) => origin !== "proposal" } },
  },
  "an unverifiable proposal that is taken for proved": {
    monitor: "handsOff",
    faults: { guards: { isProposalProved: (_, { purpose }) => purpose === "proposal" } },
  },
  "an abort that is forgotten": { monitor: "abortEnds", faults: { actions: { requestAbort: nothing } } },
  "a halt that is forgotten": { monitor: "haltHolds", faults: { actions: { setHalted: nothing } } },
  "call ids that come again": {
    monitor: "oneCall",
    faults: { actions: { beginStep: assign({ calls: 0 }) } },
  },
};

describe("the walk", () => {
  it.each(Object.entries(planted))("meets %s", (_, { monitor, faults, rules }) => {
    const provide = (machine: unknown) =>
      (machine as ReturnType<typeof createLoopMachine>).provide(faults) as never;
    const anyRules = fc.constantFrom(...(rules === undefined ? Object.values(rulesOf) : [rules]));
    const walk = fc.property(tapes, anyRules, machines, (numbers, given, machine) => {
      play(numbers, { rules: given, machine, provide });
    });
    const { failed, errorInstance } = fc.check(walk, { numRuns: 2_000, endOnFailure: true });
    expect([failed, String(errorInstance)]).toEqual([true, expect.stringMatching(`(${monitor}):`)]);
  });
});
