import { expect, it } from "vitest";
import { raiseLimits, reserve, settleUsage, spend } from "../../actions/spending.ts";
import { changed, memory } from "../helpers/memory.ts";

const worst = { tokens: 100, costMicroUsd: 10 };
const reserved = changed(memory(), (state) => reserve(state, { worst }));

it("charges what was used, and the worst case where that is unknown", () => {
  const charged = (usage: typeof worst | null) => changed(reserved, (state) => settleUsage(state, { usage }));
  expect(charged({ tokens: 7, costMicroUsd: 1 })).toMatchObject({
    reserved: null,
    spent: { tokens: 7, costMicroUsd: 1 },
  });
  expect(charged(null)).toMatchObject({ reserved: null, spent: { tokens: 100, costMicroUsd: 10 } });
});

it("charges a lost reservation once", () => {
  const lose = (state: Parameters<typeof settleUsage>[0]) => settleUsage(state, { usage: null });
  expect(changed(reserved, lose, lose).spent.tokens).toBe(100);
});

it("reserves nothing where the agent cannot bound a turn", () => {
  expect(changed(memory(), (state) => reserve(state, { worst: null })).reserved).toEqual({
    tokens: 0,
    costMicroUsd: 0,
  });
});

it("counts one thing at a time", () => {
  expect(changed(memory(), (state) => spend(state, { name: "recoveries" })).spent).toEqual({
    ...memory().spent,
    recoveries: 1,
  });
});

it("adds up what directives granted", () => {
  const once = changed(memory(), (state) => raiseLimits(state, { raise: { steps: 2, tokens: 5 } }));
  expect(changed(once, (state) => raiseLimits(state, { raise: { steps: 3 } })).raised).toEqual({
    steps: 5,
    tokens: 5,
  });
});
