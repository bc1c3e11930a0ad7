import type { LoopContract } from "../../contract/contract.ts";
import type { Json } from "../../ports/json.ts";
import { agentCases } from "./agent.ts";
import type { Case } from "./case.ts";
import { crashCases, toolCrashCases } from "./crash.ts";
import { effectCases } from "./effect.ts";
import { gateCases } from "./gate.ts";
import { limitCases } from "./limits.ts";
import { readCases } from "./read.ts";
import { hasRoom } from "./room.ts";
import { subjectOf } from "./subject.ts";
import { verificationCases } from "./verification.ts";

export type { Case, Expected } from "./case.ts";

/**
 * Every way that a run under this contract can go, as far as its tools, policy and limits allow it, by what the way is
 * about. `inputs`: arguments of tools for which none can be made from their schema. Refuses (`usage`) tools without any.
 */
export function casesOf(
  contract: LoopContract,
  inputs: Readonly<Record<string, readonly Json[]>> = {},
): Readonly<Record<string, readonly Case[]>> {
  const subjects = Object.keys(contract.tools).map((name) => subjectOf(contract, name, inputs[name]));
  const byTool = subjects.map((subject) => [
    `tool ${subject.name}`,
    [
      ...gateCases(contract, subject),
      ...readCases(contract, subject),
      ...effectCases(contract, subject),
      ...toolCrashCases(contract, subject),
    ],
  ]);
  const all: Record<string, Case[]> = {
    agent: agentCases(contract.rules),
    verification: verificationCases(contract, subjects[0]),
    limits: limitCases(contract, subjects),
    crashes: crashCases(contract),
    ...Object.fromEntries(byTool),
  };
  const possible = (cases: readonly Case[]) => cases.filter(({ need = {} }) => hasRoom(contract.rules, need));
  return Object.fromEntries(Object.entries(all).map(([about, cases]) => [about, possible(cases)]));
}
