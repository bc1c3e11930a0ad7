import { describe, expect, it } from "vitest";
import type { VerifyContext } from "../../../src/ports/verifier.ts";
import { combineEvidence } from "../../../src/verifiers/combine.ts";
import { type Judge, opinion } from "../../../src/verifiers/opinion.ts";
import { requestOf } from "../../helpers/verifying.ts";

const ask = async (judge: Judge) => opinion({ judge }).verify(requestOf("t", "b"), {} as VerifyContext);

describe("opinion", () => {
  it.each([
    [true, "passed"],
    [false, "failed"],
  ])("keeps a judgement of %s as advice", async (passed, verdict) => {
    const evidence = await ask(async ({ goal }) => ({ passed, text: `on ${goal}` }));
    expect(evidence).toMatchObject({ verdict, output: "on make it right" });
    expect(evidence.summary).toContain("advice only");
    expect(combineEvidence([{ ...evidence, kind: "opinion" }]).verdict).toBe("unverifiable");
  });

  it("reports what the call used; what is not said counts as the most it can be", async () => {
    const maxPerCall = { tokens: 100, costMicroUsd: 9 };
    const used = { tokens: 7, costMicroUsd: 1 };
    const asked = async (usage?: typeof used, more = {}) =>
      (
        await opinion({
          judge: async () => ({ passed: true, text: "", ...(usage && { usage }) }),
          ...more,
        }).verify(requestOf("t", "b"), {} as VerifyContext)
      ).usage;
    expect(await asked(used, { maxPerCall })).toEqual(used);
    expect(await asked(undefined, { maxPerCall })).toEqual(maxPerCall);
    expect(await asked()).toBeUndefined();
    expect(opinion({ judge: async () => ({ passed: true, text: "" }), maxPerCall })).toMatchObject({
      maxPerCall,
    });
  });

  it("throws when the judge answers something else", async () => {
    await expect(ask(async () => "yes" as never)).rejects.toThrow();
  });

  it("refuses a judge that is no function", () => {
    expect(() => opinion({ judge: "gpt" as never })).toThrow("opinion.judge");
  });
});
