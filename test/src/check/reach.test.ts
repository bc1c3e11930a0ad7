import { describe, expect, it } from "vitest";
import { checkLoop } from "../../../src/check/index.ts";
import { contractOf, drop, references, toolOf } from "../../helpers/checking.ts";

const reachable = (change: object) =>
  checkLoop(contractOf(change)).properties.find(({ name }) => name === "reachable")!;

describe("what a contract was made for", () => {
  it("can be done", () => {
    expect(checkLoop(references.safe!).properties.find(({ name }) => name === "reachable")!.verdict).toBe(
      "proved",
    );
  });

  it.each([
    ["put can never run: the policy forbids it", { escalate: { policy: [{ answer: "forbid" }] } }],
    ["put can never run: it needs 1 approval, and escalate.approvals.approvers names nobody", {}],
    [
      "put can never run: it needs 2 approvals, and escalate.approvals.approvers names only 1",
      { escalate: { approvals: { approvers: ["ann"], quorum: 2 } } },
    ],
    [
      "drop can never run: it needs 1 approval, and escalate.approvals.approvers names nobody",
      { tools: { drop, put: toolOf("put") }, escalate: { policy: [{ answer: "allow" }] } },
    ],
  ])("cannot be done: %s", (detail, change) => {
    expect(reachable(change)).toMatchObject({ verdict: "violated", detail });
  });
});
