import { expect, it } from "vitest";
import { never, runs, turnStarts } from "../../../src/check/index.ts";
import { linesOf, rehearse, violationIn } from "../../../src/testing/index.ts";
import { references } from "../../helpers/checking.ts";

const contract = references.safe!;
const put = { actions: [{ tool: "put", input: { n: 1 } }], claim: "done" } as const;

it("tells a run line by line, from its journal alone", async () => {
  const { happened } = await rehearse(contract, { turns: [put] });
  expect(linesOf(happened)).toEqual([
    "run.started → acting, calls act",
    "reply to act (turn) → verifying, calls verify",
    "reply to verify (passed) → effect.assessing, calls assess",
    "reply to assess → effect.committing, calls execute",
    "reply to execute (applied) → effect.confirming, calls confirm",
    "reply to confirm → verifying, calls verify",
    "reply to verify (passed) → succeeded",
  ]);
  expect(happened.map(({ from }) => from).slice(0, 3)).toEqual(["", "acting", "verifying"]);
  expect(happened.map(({ awaited }) => awaited).slice(0, 3)).toEqual([null, "1", "2"]);
  expect(happened.at(-1)!.outcome).toMatchObject({ status: "succeeded" });
});

it("says what a property of one's own finds in it", async () => {
  const { happened } = await rehearse(contract, { turns: [put] });
  const about = { name: "mine", says: "What I want." };
  const said = (what: Parameters<typeof never>[1]) =>
    violationIn(never(about, what), happened, contract.rules);
  expect(said(runs("read"))).toBeNull();
  expect(said(runs("put"))).toBe("it happened");
  expect(said(turnStarts)).toBe("it happened");
});
