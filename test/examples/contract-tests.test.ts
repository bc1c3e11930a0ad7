import { expect, it } from "vitest";
import { runVitest } from "../helpers/vitest.ts";

it("tests a contract of somebody's own, with tools and a promise of their own", {
  timeout: 240_000,
}, async () => {
  const { code, tests } = await runVitest("examples/contract-tests");
  const failed = tests.filter(({ status }) => status !== "passed");
  expect(failed.flatMap(({ fullName, failureMessages }) => [fullName, ...failureMessages])).toEqual([]);
  expect(code).toBe(0);
  const names = tests.map(({ fullName }) => fullName.replace("contract complaints ", ""));
  expect(names).toEqual(
    expect.arrayContaining([
      "promises refundsAreGranted: Every refund has a person's word, however small it is.",
      expect.stringMatching(/^promises ends: /),
      "agent claims to be done, and is",
      "tool refund refund: it is asked about, granted and runs",
      "tool refund refund: the policy forbids it",
      "tool refund refund: another run holds its business key",
      "tool refund refund: the process is killed while it is asked what happened",
      "tool order.read order.read: it is read",
      "tool mail mail: it is out of scope",
      "tool mail mail: it is applied, and the reply is lost, left in doubt",
      "keeps its promises whatever happens",
    ]),
  );
  expect(new Set(names).size).toBe(names.length);
});
