import { expect, it } from "vitest";
import { isTurn, type TurnInput, turnKind } from "../../guards/turn.ts";

const turn: TurnInput = {
  failed: false,
  claim: null,
  actions: 0,
  reads: 0,
  changed: false,
  actionsPerTurn: 2,
};

it.each([
  ["empty", {}],
  ["failed", { failed: true, actions: 1 }],
  ["stuck", { claim: "stuck", actions: 9 }],
  ["oversized", { actions: 3 }],
  ["oversized", { actions: 3, claim: "done" }],
  ["proposal", { claim: "done" }],
  ["proposal", { changed: true }],
  ["proposal", { actions: 2, reads: 1 }],
  ["proposal", { actions: 1, reads: 1, claim: "done" }],
  ["reads", { actions: 2, reads: 2 }],
] as const)("calls it %s: %j", (kind, change) => {
  expect(turnKind({ ...turn, ...change })).toBe(kind);
  expect(isTurn({ ...turn, ...change, kind })).toBe(true);
});
