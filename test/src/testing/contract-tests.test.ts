import { describe, expect, it } from "vitest";
import { never, runsUnasked } from "../../../src/check/index.ts";
import { contractTests } from "../../../src/testing/index.ts";
import { references } from "../../helpers/checking.ts";
import { runVitest } from "../../helpers/vitest.ts";

const unasked = never({ name: "droppedUnasked", says: "Nothing is dropped unasked." }, runsUnasked("drop"));

// The reference agents do not say what a turn can cost.
contractTests(references.never!, { properties: [unasked], inconclusive: ["withinBudget"] });

describe("a contract that breaks its promises", () => {
  it("fails the tests of what is not kept, with what happened", { timeout: 240_000 }, async () => {
    const { code, tests } = await runVitest("test/fixtures/testing");
    const failed = tests.filter(({ status }) => status === "failed");
    expect(code).toBe(1);
    const said = (test: string) =>
      failed.find(({ fullName }) => fullName.includes(test))?.failureMessages.join("\n");
    const promise = said("contract unasked-mail promises mailIsApproved");
    expect(promise).toContain("mailIsApproved is violated: No mail goes out without a person's word.");
    expect(promise).toContain("1. the run starts → acting");
    expect(said("contract unasked-mail tool mail mail: it is applied")).toContain(
      "mailIsApproved is violated",
    );
    expect(said("contract unbounded promises withinBudget")).toContain("the agent does not say the most");
    const unbounded = failed.filter(({ fullName }) => fullName.startsWith("contract unbounded"));
    expect(unbounded).toHaveLength(1);
  });
});
