import { expect, it } from "vitest";
import { gateCases } from "../../../../src/testing/cases/gate.ts";
import { subjectOf } from "../../../../src/testing/cases/subject.ts";
import { contractOf, references, toolOf } from "../../../helpers/checking.ts";
import { playAll } from "./playing.ts";

const guarded = contractOf({
  tools: { pay: toolOf("pay", { inScope: () => true, permitted: () => true, dedupe: () => "one" }) },
  escalate: {
    policy: [{ answer: "allow" }, { when: () => true, answer: "forbid" }],
    approvals: { approvers: ["ann"] },
  },
});

const titles = async (contract: typeof guarded, tool: string) =>
  (await playAll(contract, gateCases(contract, subjectOf(contract, tool)))).map(
    (name) => name.split(": ")[1],
  );

it("predicts every refusal that a tool can meet", async () => {
  expect(await titles(guarded, "pay")).toEqual([
    "a halt is in force",
    "its arguments do not fit, and the agent corrects itself",
    "the policy forbids it",
    "it is out of scope",
    "a permission is missing",
    "another run holds its business key",
    "it is proposed again after it was applied",
  ]);
});

it("predicts what becomes of a question", async () => {
  const quorum = contractOf({
    tools: { read: toolOf("read", { effect: "read", sensitivity: ["users"] }) },
    escalate: { policy: [{ answer: "allow" }], approvals: { approvers: ["ann", "bob"], quorum: 2 } },
  });
  expect(await titles(quorum, "read")).toEqual([
    "a halt is in force",
    "its arguments do not fit, and the agent corrects itself",
    "it is asked about, and nobody answers",
    "it is asked about, and the question times out",
    "it is asked about and denied",
    "it is asked about, and too few agree",
    "it is asked about, granted and runs",
    "the process is killed while a question is open",
  ]);
  expect(await titles(references.never!, "drop")).toContain("it is asked about, granted and runs");
  expect(await titles(contractOf(), "put")).not.toContain("it is asked about, granted and runs");
});

it.each([
  ["is asked about where nothing else tells it from the first", {}, "awaitingApproval"],
  ["runs where its business key does", { dedupe: ({ n }: { n: number }) => `${n}` }, "succeeded"],
])("predicts that a second use of a write that is never repeated %s", async (_name, change, status) => {
  const once = contractOf({
    tools: { once: toolOf("once", { repeat: "never", ...change } as object) },
    escalate: { policy: [{ answer: "allow" }] },
  });
  const cases = gateCases(once, subjectOf(once, "once"));
  const other = cases.find(
    ({ name }) => name === "once: another one is proposed after the first was applied",
  );
  expect(other!.expected.status).toBe(status);
  await playAll(once, cases);
});
