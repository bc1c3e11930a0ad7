import { describe, expect, it } from "vitest";
import { LoopRules } from "../../../machines/rules.ts";
import { Clauses, Continue } from "../../../src/contract/clauses.ts";
import { answers, verifierOf } from "../../helpers/contract.ts";

describe("the clauses", () => {
  it("have the defaults of the chart", () => {
    expect(Continue.parse({}).limits).toEqual(LoopRules.parse({}).limits);
    expect(Clauses.parse(answers)).toMatchObject({ continue: { limits: LoopRules.parse({}).limits } });
  });

  it("know every limit of the chart", () => {
    const { limits } = LoopRules.parse({});
    expect(Continue.parse({ limits }).limits).toEqual(limits);
  });

  it("take an opinion beside a check, in whatever order", () => {
    const [check, opinion] = [verifierOf("check"), verifierOf("opinion")];
    for (const goal of [
      [check, opinion],
      [opinion, check],
    ])
      expect(Clauses.safeParse({ ...answers, verify: { ...answers.verify, goal } }).success).toBe(true);
  });
});
