import { expect, it } from "vitest";
import { limitCases } from "../../../../src/testing/cases/limits.ts";
import { subjectOf } from "../../../../src/testing/cases/subject.ts";
import { contractOf, references, toolOf } from "../../../helpers/checking.ts";
import { playAll } from "./playing.ts";

const limitsOf = async (contract: typeof asking) => {
  const subjects = Object.keys(contract.tools).map((name) => subjectOf(contract, name));
  const names = await playAll(contract, limitCases(contract, subjects));
  return names.map((name) => name.replace(/^.*the (limit of )?/, "the $1"));
};

const policy = [{ answer: "allow" }];
const asking = contractOf({
  tools: { put: toolOf("put"), pay: toolOf("pay", { sensitivity: ["money"] }) },
  continue: { limits: { questions: 3, reverifications: 2, effects: 6, steps: 7 } },
  escalate: { policy, approvals: { approvers: ["ann"] }, onLimit: "escalate" },
});

it("uses up every limit that is cheap to use up", async () => {
  const names = await limitsOf(asking);
  expect(names).toEqual(
    [
      "the limit of tokens is used up",
      "the limit of tokens is used up, and raised by a person",
      "the limit of cost is used up",
      "the limit of steps is used up",
      "the deadline passes while nobody answers",
      "the limit of active time is used up",
      "the process is killed more often than it may",
      "the limit of effects is used up",
      "the limit of verifications repeated is used up",
    ].map((name) => name.replace(/^.*the (limit of )?/, "the $1")),
  );
});

it("asks once more than may be asked", async () => {
  expect(await limitsOf(references.never!)).toContain("the limit of questions is used up");
});
