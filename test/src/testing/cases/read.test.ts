import { expect, it } from "vitest";
import { readCases } from "../../../../src/testing/cases/read.ts";
import { subjectOf } from "../../../../src/testing/cases/subject.ts";
import { contractOf, read, references, toolOf } from "../../../helpers/checking.ts";
import { playAll } from "./playing.ts";

const sensitive = contractOf({
  tools: { read: { ...read, sensitivity: ["users"] } },
  escalate: { policy: [{ answer: "allow" }], approvals: { approvers: ["ann"] } },
});

it.each([
  ["anybody", references.safe!],
  ["asked about", sensitive],
])("predicts how a read that is free to %s ends", async (_name, contract) => {
  expect(await playAll(contract, readCases(contract, subjectOf(contract, "read")))).toHaveLength(16);
});

it("has nothing to say of writes, and of reads that nobody lets through", () => {
  expect(readCases(references.safe!, subjectOf(references.safe!, "put"))).toEqual([]);
  const shut = contractOf({ tools: { get: toolOf("get", { effect: "read" }) } });
  expect(readCases(shut, subjectOf(shut, "get"))).toEqual([]);
});
