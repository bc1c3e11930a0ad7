import type { LoopEvent } from "../../../machines/events.ts";
import type { LoopRules } from "../../../machines/rules.ts";
import type { ScriptedReply } from "../../agents/index.ts";
import type { LoopContract } from "../../contract/contract.ts";
import type { Script } from "../script.ts";
import { contractsFrom } from "./contracts.ts";
import { environmentsFrom, type Inputs, turnsFrom } from "./environments.ts";
import { eventsFrom } from "./events.ts";
import type { Arbitrary, Fc } from "./fast-check.ts";

export type { Inputs } from "./environments.ts";

/** What fast-check can draw for tests of contracts. */
export type Arbitraries = {
  /** Events that a machine can be sent, replies and people's words included. */
  events: Arbitrary<LoopEvent>;
  contracts: Arbitrary<LoopContract>;
  /** What the chart decides by, of contracts at random. */
  rules: Arbitrary<LoopRules>;
  /** Turns of an agent under a contract. */
  turns(contract: LoopContract, inputs?: Inputs): Arbitrary<ScriptedReply>;
  /** Everything from outside that a run under a contract can meet: scripts for `rehearse`. */
  environments(contract: LoopContract, inputs?: Inputs): Arbitrary<Script>;
};

/**
 * Arbitraries of your own fast-check, which this package does not depend on.
 *
 * @example
 * import fc from "fast-check";
 * const { contracts, environments } = arbitraries(fc);
 */
export const arbitraries = (fc: Fc): Arbitraries => ({
  events: eventsFrom(fc),
  contracts: contractsFrom(fc),
  rules: contractsFrom(fc).map(({ rules }) => rules),
  turns: (contract, inputs) => turnsFrom(fc, contract, inputs),
  environments: (contract, inputs) => environmentsFrom(fc, contract, inputs),
});
