import { expect, it } from "vitest";
import { violationOf } from "./planted.ts";

it.each([
  [
    "success on the proposal's checks",
    { guards: { isGoalReached: (_: unknown, { result }: { result: string }) => result === "passed" } },
  ],
  ["success whatever the checks say", { guards: { isGoalReached: () => true } }],
])("sees %s", (_, faults) => {
  expect(violationOf("provedSuccess", "safe", faults as never)).not.toBeNull();
});
