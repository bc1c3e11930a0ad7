import { expect, it } from "vitest";
import { LoopRules } from "../../../../machines/rules.ts";
import { backoffsMs, fruitlessSteps, hasRoom, type Need } from "../../../../src/testing/cases/room.ts";

const rules = LoopRules.parse({
  agent: { maxPerTurn: { tokens: 100, costMicroUsd: 10 } },
  opinions: { maxPerVerification: { tokens: 20, costMicroUsd: 1 } },
  limits: {
    steps: 3,
    questions: 2,
    reverifications: 2,
    effects: 2,
    tokens: 260,
    activeMs: 1_000,
    deadlineMs: 5_000,
  },
  retry: { failuresInARow: 2, backoff: { maxMs: 700 } },
  progress: { metric: { name: "failing" }, patience: 3 },
});

it.each<[Need, Need]>([
  [{ steps: 3 }, { steps: 4 }],
  [{ questions: 2 }, { questions: 3 }],
  [{ reverifications: 2 }, { reverifications: 3 }],
  [{ effects: 2 }, { effects: 3 }],
  [{ failures: 2 }, { failures: 3 }],
  [{ fruitless: 2 }, { fruitless: 3 }],
  [{ activeMs: 999 }, { activeMs: 1_000 }],
  [{ waitMs: 4_999 }, { waitMs: 5_000 }],
  [
    { activeMs: 999, waitMs: 4_000 },
    { activeMs: 999, waitMs: 4_001 },
  ],
  [{ parkedMs: 86_400_000 }, { parkedMs: 41 * 86_400_000 }],
  // One turn and its verification at the worst are 120 tokens, and the next step needs 140.
  [{ forfeits: 1 }, { forfeits: 2 }],
])("leaves room for %j and not for %j", (fits, tooMuch) => {
  expect([hasRoom(rules, fits), hasRoom(rules, tooMuch)]).toEqual([true, false]);
});

it("counts waits and fruitless steps at their most", () => {
  expect(backoffsMs(rules, 3)).toBe(2_100);
  expect(fruitlessSteps(rules)).toBe(3);
  expect(fruitlessSteps(LoopRules.parse({ progress: { patience: 1 } }))).toBe(2);
});
