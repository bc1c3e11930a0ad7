import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { PolicyAnswer } from "../../../guards/policy.ts";
import { surroundingsOf } from "../../../src/check/surroundings.ts";
import type { PolicyRule } from "../../../src/contract/index.ts";
import { policyAnswer } from "../../../src/engine/performers/assess.ts";
import { contractOf, read, toolOf } from "../../helpers/checking.ts";
import { runsOf } from "../../helpers/runs.ts";

const answersFor = (policy: readonly object[], tool = toolOf("put")) =>
  surroundingsOf(contractOf({ tools: { put: tool }, escalate: { policy } })).tools.find(
    ({ names }) => names[0] === "put",
  )!.policy;

/** A rule whose condition is decided by the input: its place in it says yes, no, or nothing that can be used. */
const rule = fc.record({
  tool: fc.constantFrom(undefined, "put", "other"),
  effect: fc.constantFrom(undefined, "write", "read"),
  answer: fc.constantFrom<PolicyAnswer>("allow", "ask", "forbid"),
  conditional: fc.boolean(),
});
type Drawn = {
  tool: string | undefined;
  effect: string | undefined;
  answer: PolicyAnswer;
  conditional: boolean;
};

function policyOf(drawn: readonly Drawn[]): PolicyRule[] {
  return drawn.map(({ tool, effect, answer, conditional }, i) => ({
    answer,
    ...(tool && { tool }),
    ...(effect && { effect }),
    ...(conditional && {
      when: (says: readonly string[]) => {
        if (says[i] === "throw") throw new Error("no");
        return says[i] === "yes";
      },
    }),
  })) as PolicyRule[];
}

describe("what the policy may answer", () => {
  it("is just what it does answer under some conditions", () => {
    const tools = { put: toolOf("put"), other: toolOf("other") };
    fc.assert(
      fc.property(fc.array(rule, { maxLength: 3 }), (drawn) => {
        const policy = policyOf(drawn);
        const contract = contractOf({ tools, escalate: { policy } });
        const possible = surroundingsOf(contract, ["put"]).tools.find(
          ({ names }) => names[0] === "put",
        )!.policy;
        const words = ["yes", "no", "throw"];
        const inputs = words.flatMap((a) => words.flatMap((b) => words.map((c) => [a, b, c])));
        const real = new Set(inputs.map((input) => policyAnswer(policy, contract.tools.put!, input)));
        expect(new Set(possible)).toEqual(real);
      }),
      { numRuns: runsOf(500) },
    );
  });

  it("is to ask where no rule speaks of the tool", () => {
    expect(answersFor([])).toEqual(["ask"]);
    expect(answersFor([{ effect: "read", answer: "allow" }])).toEqual(["ask"]);
  });
});

describe("classes of tools", () => {
  it("hold what the chart treats alike, and always one that nobody declared", () => {
    const tools = { one: toolOf("one"), two: toolOf("two", { timeoutMs: 9 }), read };
    const { tools: classes } = surroundingsOf(contractOf({ tools }));
    expect(classes.map(({ names }) => names)).toEqual([["one", "two"], ["read"], ["undeclared"]]);
  });

  it("tell apart what is decided differently, or named apart", () => {
    const tools = {
      one: toolOf("one"),
      keyed: toolOf("keyed", { dedupe: () => "key" }),
      scoped: toolOf("scoped", { inScope: () => true }),
      slow: toolOf("slow", { settlesWithinMs: 5 }),
    };
    const named = (apart: string[]) => surroundingsOf(contractOf({ tools }), apart).tools.length;
    expect(named([])).toBe(5);
    const twins = contractOf({ tools: { one: toolOf("one"), two: toolOf("two") } });
    expect(surroundingsOf(twins, ["two"]).tools.map(({ names }) => names)).toEqual([
      ["one"],
      ["two"],
      ["undeclared"],
    ]);
  });
});
