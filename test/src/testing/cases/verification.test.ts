import { expect, it } from "vitest";
import { subjectOf } from "../../../../src/testing/cases/subject.ts";
import { verificationCases } from "../../../../src/testing/cases/verification.ts";
import { contractOf, references } from "../../../helpers/checking.ts";
import { playAll } from "./playing.ts";

const bare = contractOf({ workspace: null, tools: {} });

it.each([
  ["a workspace", references.safe!, 11],
  ["a metric", references.asked!, 11],
  ["tools alone", references.never!, 10],
  ["nothing to propose", bare, 6],
])("predicts what verifiers lead to under a contract with %s", async (_name, contract, count) => {
  const [tool] = Object.keys(contract.tools);
  const subject = tool === undefined ? undefined : subjectOf(contract, tool);
  expect(await playAll(contract, verificationCases(contract, subject))).toHaveLength(count);
});
