import fc from "fast-check";
import { expect, it } from "vitest";
import { arbitraries, casesOf, findingsOf, rehearse } from "../../../../src/testing/index.ts";
import { references } from "../../../helpers/checking.ts";
import { runsOf } from "../../../helpers/runs.ts";

const { contracts } = arbitraries(fc);

it("names each way once, and leaves out what there is no room for", () => {
  for (const contract of Object.values(references)) {
    const names = Object.values(casesOf(contract)).flatMap((cases) => cases.map(({ name }) => name));
    expect(new Set(names).size).toBe(names.length);
  }
  expect(Object.keys(casesOf(references.never!))).toEqual([
    "agent",
    "verification",
    "limits",
    "crashes",
    "tool drop",
    "tool keyed",
  ]);
});

it("predicts the end of every way under contracts at random", { timeout: 600_000 }, async () => {
  const drawn = contracts.chain((contract) => {
    const cases = Object.values(casesOf(contract)).flat();
    return fc.tuple(fc.constant(contract), fc.subarray(cases, { minLength: 1, maxLength: 6 }));
  });
  await fc.assert(
    fc.asyncProperty(drawn, async ([contract, cases]) => {
      for (const { name, script, expected } of cases) {
        const findings = findingsOf(contract, await rehearse(contract, script), expected);
        if (findings.length > 0) throw new Error([name, ...findings].join("\n"));
      }
    }),
    { numRuns: runsOf(40) },
  );
});
