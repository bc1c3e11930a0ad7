import { expect, it } from "vitest";
import { decideRetry, type FailureOrigin } from "../../../../guards/retry.ts";
import { LoopRules } from "../../../../machines/rules.ts";
import { errorClasses, manners } from "../../../../src/testing/cases/manner.ts";

const once = { failuresInARow: 1, sameInARow: 1, retryAfterMs: null, hasMetric: false };

it.each<FailureOrigin>(["turn", "read", "effect"])(
  "agrees with the guard about failures of a %s",
  (origin) => {
    const { retry: rules } = LoopRules.parse({});
    const decided = errorClasses.map((errorClass) => {
      const decision = decideRetry({ ...once, errorClass, origin, rules });
      return [errorClass, decision.ok ? decision.value : "person"];
    });
    expect(Object.fromEntries(decided)).toEqual(manners);
  },
);
