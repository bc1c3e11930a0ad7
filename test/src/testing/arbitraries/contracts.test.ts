import fc from "fast-check";
import { expect, it } from "vitest";
import { LoopRules } from "../../../../machines/rules.ts";
import { isLoopContract } from "../../../../src/contract/index.ts";
import { arbitraries } from "../../../../src/testing/index.ts";
import { runsOf } from "../../../helpers/runs.ts";

const { contracts, rules } = arbitraries(fc);

it("draws contracts that are whole, and as different as people's", () => {
  const seen = new Set<unknown>();
  fc.assert(
    fc.property(contracts, (contract) => {
      expect(isLoopContract(contract)).toBe(true);
      for (const { effect, repeat } of Object.values(contract.tools)) seen.add(effect).add(repeat);
      seen.add(contract.workspace?.kind ?? "none").add(contract.rules.escalate.onLimit);
      seen.add(contract.rules.progress.metric?.name ?? "no metric");
    }),
    { numRuns: runsOf(300) },
  );
  for (const one of ["read", "write", "destructive", "safe", "reconcile", "never", "fake", "none"])
    expect(seen).toContain(one);
  for (const one of ["stop", "escalate", "failing", "no metric"]) expect(seen).toContain(one);
});

it("draws the rules that a chart decides by", () => {
  fc.assert(
    fc.property(rules, (drawn) => void LoopRules.parse(drawn)),
    { numRuns: runsOf(100) },
  );
});
