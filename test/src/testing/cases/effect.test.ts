import { expect, it } from "vitest";
import type { RepeatSafety, Tool } from "../../../../src/ports/tool.ts";
import { effectCases } from "../../../../src/testing/cases/effect.ts";
import { subjectOf } from "../../../../src/testing/cases/subject.ts";
import { contractOf, references, toolOf } from "../../../helpers/checking.ts";
import { playAll } from "./playing.ts";

const contractWith = (change: Partial<Tool>) =>
  contractOf({
    tools: { tool: toolOf("tool", { confirm: async () => true, ...change }) },
    escalate: { policy: [{ answer: "allow" }], approvals: { approvers: ["ann"] } },
  });

const reconcile = async () => ({ found: "absent" as const });

it.each<[RepeatSafety, Partial<Tool>, number]>([
  ["safe", {}, 35],
  ["safe", { effect: "destructive" }, 35],
  ["reconcile", { reconcile, settlesWithinMs: 90_000 }, 39],
  ["reconcile", { reconcile, burnsKey: true, effect: "destructive" }, 39],
  ["never", {}, 39],
  ["never", { effect: "destructive" }, 39],
])("predicts how an effect that is repeat-%s with %j ends", async (repeat, change, count) => {
  const contract = contractWith({ ...change, repeat });
  expect(await playAll(contract, effectCases(contract, subjectOf(contract, "tool")))).toHaveLength(count);
});

it("has nothing to say of reads", () => {
  expect(effectCases(references.safe!, subjectOf(references.safe!, "read"))).toEqual([]);
});
