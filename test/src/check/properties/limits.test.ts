import { expect, it } from "vitest";
import { violationOf } from "./planted.ts";

it.each([
  ["withinLimits", "asked", "a turn beyond a limit", { guards: { isAtLimit: () => false } }],
  ["withinLimits", "asked", "a restart beyond its limit", { guards: { isWithin: () => true } }],
  ["withinLimits", "asked", "a tool that is asked for ever", { guards: { mayAskAgain: () => true } }],
  ["withinBudget", "asked", "a turn that may cost too much", { guards: { isAtLimit: () => false } }],
  [
    "retriesEnd",
    "asked",
    "a retry that never gives up",
    { guards: { isRetryRefused: () => false, mayRetry: () => true } },
  ],
])("%s on contract %s sees %s", (name, contract, _, faults) => {
  expect(violationOf(name, contract, faults as Parameters<typeof violationOf>[2])).not.toBeNull();
});
