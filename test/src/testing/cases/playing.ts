import { expect } from "vitest";
import type { LoopContract } from "../../../../src/contract/index.ts";
import type { Case } from "../../../../src/testing/cases/case.ts";
import { hasRoom } from "../../../../src/testing/cases/room.ts";
import { findingsOf, rehearse } from "../../../../src/testing/index.ts";

/** Rehearses all cases for which the contract leaves room, and expects each to end as it says. Returns their names. */
export async function playAll(contract: LoopContract, cases: readonly Case[]): Promise<string[]> {
  const possible = cases.filter(({ need = {} }) => hasRoom(contract.rules, need));
  for (const { name, script, expected } of possible) {
    const findings = findingsOf(contract, await rehearse(contract, script), expected);
    expect(findings.join("\n"), name).toBe("");
  }
  return possible.map(({ name }) => name);
}
