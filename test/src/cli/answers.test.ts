import { expect, test } from "vitest";
import { answersOf, isAdvisory } from "../../../src/cli/answers.ts";
import { limitNames, limitWords } from "../../../src/cli/limits.ts";
import { loadContract } from "../../../src/contract/index.ts";
import { contract } from "./stage.ts";

const here = { available: true } as const;

test("reads every limit back in human units", async () => {
  const loop = await loadContract(contract("counter"));
  const answers = answersOf(loop, here);
  for (const name of limitNames) {
    const amount = limitWords[name].show(loop.rules.limits[name]);
    expect(answers.continue.some((line) => line.includes(`at most ${amount}`))).toBe(true);
  }
});

test("says which limits are advisory when the agent does not bound a turn", async () => {
  const loop = await loadContract(contract("counter"));
  const open = { ...loop, rules: { ...loop.rules, agent: { ...loop.rules.agent, maxPerTurn: null } } };
  expect(limitNames.filter((name) => isAdvisory(open, name))).toEqual(["tokens", "costMicroUsd"]);
  expect(answersOf(open, here).continue.filter((line) => line.includes("advisory"))).toHaveLength(2);
  expect(answersOf(loop, here).continue.filter((line) => line.includes("advisory"))).toHaveLength(0);
});

test("says which tools need approval and why", async () => {
  const [allowed] = answersOf(await loadContract(contract("counter")), here).tools;
  const [asked] = answersOf(await loadContract(contract("asking")), here).tools;
  expect(allowed).toMatchObject({ name: "put", approval: "allowed without asking" });
  expect(asked?.approval).toMatch(/^needs approval: no rule/);
});

test("says that an agent without containment is not covered", async () => {
  const loop = await loadContract(contract("counter"));
  expect(answersOf(loop, here).notCovered).toEqual([]);
  const [line] = answersOf({ ...loop, agent: { ...loop.agent, containment: "none" } }, here).notCovered;
  expect(line).toContain("does not pass the gate");
});

test("reads each way of matching in a policy rule", async () => {
  const loop = await loadContract(contract("counter"));
  const policy = [
    {
      answer: "forbid" as const,
      effect: ["destructive" as const],
      sensitivity: "money" as const,
      reason: "no refunds",
    },
    { answer: "ask" as const, tool: ["put", "take"], when: () => true },
    { answer: "allow" as const },
  ];
  const lines = answersOf({ ...loop, policy }, here).escalate.filter((line) => line.startsWith("policy"));
  expect(lines).toEqual([
    "policy: forbid destructive effects, what touches money: no refunds",
    "policy: ask put or take, arguments that a condition of yours matches",
    "policy: allow everything",
  ]);
});
