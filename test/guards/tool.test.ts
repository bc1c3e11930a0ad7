import { expect, it } from "vitest";
import { ToolRules } from "../../guards/tool.ts";

it("assumes the worst of a tool that declares nothing", () => {
  expect(ToolRules.parse({})).toMatchObject({ effect: "destructive", repeat: "never", burnsKey: false });
});

it.each([
  { effect: "harmless" },
  { repeat: "always" },
  { settlesWithinMs: -1 },
  { timeoutMs: Number.POSITIVE_INFINITY },
])("refuses %j", (rules) => {
  expect(ToolRules.safeParse(rules).success).toBe(false);
});
