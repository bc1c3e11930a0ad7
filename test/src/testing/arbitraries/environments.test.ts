import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { arbitraries, findingsOf, rehearse } from "../../../../src/testing/index.ts";
import { contractOf, references } from "../../../helpers/checking.ts";
import { runsOf } from "../../../helpers/runs.ts";

const { contracts, turns, environments } = arbitraries(fc);

describe("turns", () => {
  it("propose actions that fit their tools", () => {
    const contract = references.safe!;
    const tools = new Set<string>();
    fc.assert(
      fc.property(turns(contract), ({ actions = [] }) => {
        for (const { tool, input } of actions) {
          tools.add(tool);
          expect(contract.tools[tool]!.input.safeParse(input).success).toBe(true);
        }
      }),
    );
    expect([...tools].sort()).toEqual(["put", "read"]);
  });

  it("take the arguments that they are given, and need no tools", () => {
    const inputs = { asked: [{ n: 42 }] };
    const drawn = fc.sample(turns(references.asked!, inputs), 50).flatMap(({ actions = [] }) => actions);
    expect(new Set(drawn.map(({ input }) => JSON.stringify(input)))).toEqual(new Set(['{"n":42}']));
    const [turn] = fc.sample(turns(contractOf({ tools: {} })), 1);
    expect(turn!.actions).toEqual([]);
  });
});

it("lead contracts at random to rest, whatever happens, and break nothing", {
  timeout: 600_000,
}, async () => {
  const drawn = contracts.chain((contract) => fc.tuple(fc.constant(contract), environments(contract)));
  const ends = new Set<string>();
  await fc.assert(
    fc.asyncProperty(drawn, async ([contract, script]) => {
      const rehearsal = await rehearse(contract, script);
      ends.add(rehearsal.end.status);
      const findings = findingsOf(contract, rehearsal, null);
      if (findings.length > 0) throw new Error(findings.join("\n"));
    }),
    { numRuns: runsOf(100) },
  );
  expect(ends).toContain("succeeded");
});
