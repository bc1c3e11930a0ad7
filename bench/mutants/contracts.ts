import type { LoopContract } from "../../src/contract/index.ts";
import { contractOf, references } from "../../test/helpers/checking.ts";

/** The contracts that mutants are searched under, the quickest first: the references, and one whose agent bounds a turn. */
export const contracts: Readonly<Record<string, LoopContract>> = {
  bounded: contractOf({
    tools: {},
    agent: { ...contractOf().agent, maxPerTurn: { tokens: 10, costMicroUsd: 10 } },
  }),
  asked: references.asked!,
  never: references.never!,
  safe: references.safe!,
};
