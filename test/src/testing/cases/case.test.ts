import { expect, it } from "vitest";
import { LoopRules } from "../../../../machines/rules.ts";
import { escalated, limited } from "../../../../src/testing/cases/case.ts";

it("says how a run ends at a limit by what the contract says of limits", () => {
  const rules = (onLimit: "stop" | "escalate") => LoopRules.parse({ escalate: { onLimit } });
  expect(limited(rules("stop"), "steps")).toEqual({ status: "stopped", reason: "limit", detail: "steps" });
  expect(limited(rules("escalate"), "tokens")).toMatchObject({ status: "escalated", detail: "tokens" });
  expect(escalated("unverifiable")).toEqual({ status: "escalated", reason: "unverifiable" });
});
