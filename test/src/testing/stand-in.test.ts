import { describe, expect, it } from "vitest";
import { isLoopContract } from "../../../src/contract/index.ts";
import { policyAnswer } from "../../../src/engine/performers/assess.ts";
import type { VerifyContext, VerifyRequest } from "../../../src/ports/verifier.ts";
import { fakeClock } from "../../../src/testing/index.ts";
import { standInFor } from "../../../src/testing/stand-in.ts";
import { contractOf, references, toolOf } from "../../helpers/checking.ts";
import { verifierOf } from "../../helpers/contract.ts";

const clock = fakeClock();
const context = { signal: new AbortController().signal } as VerifyContext;
const step = { step: 1 } as VerifyRequest;

it("keeps name and rules, and calls nothing that a person wrote", async () => {
  const contract = references.asked!;
  const { contract: played, tools } = standInFor(contract, {}, clock);
  expect(isLoopContract(played)).toBe(true);
  expect(played.rules).toBe(contract.rules);
  expect(played.workspace?.kind).toBe("fake");
  expect(Object.keys(tools)).toEqual(["asked"]);
  expect(await played.tools.asked!.execute({}, { key: "k", attempt: 1 } as never)).toMatchObject({
    outcome: "applied",
  });
  expect(tools.asked!.record.times("k")).toBe(1);
  expect(standInFor(references.never!, {}, clock).contract.workspace).toBeNull();
});

describe("verifiers", () => {
  it("play the script where they can carry a verdict, and pass beside that", async () => {
    const verify = {
      proposal: [verifierOf("opinion"), verifierOf("check"), verifierOf("human")],
      goal: [verifierOf("check")],
    };
    const { contract } = standInFor(
      contractOf({ verify }),
      { proposal: ["failed"], goal: ["unverifiable"] },
      clock,
    );
    const said = async (verifiers: typeof contract.verifiers.goal) =>
      (await Promise.all(verifiers.map((one) => one.verify(step, context)))).map(({ verdict }) => verdict);
    expect(await said(contract.verifiers.proposal)).toEqual(["passed", "failed", "passed"]);
    expect(await said(contract.verifiers.goal)).toEqual(["unverifiable"]);
    expect(contract.verifiers.proposal.map(({ kind }) => kind)).toEqual(["opinion", "check", "human"]);
  });

  it.each([
    [{ name: "failing" }, 5],
    [{ name: "passing", direction: "higher", target: 10 }, 5],
    [{ name: "failing", target: 2 }, 7],
  ])("report the metric %j short of its target", async (metric, value) => {
    const { contract } = standInFor(contractOf({ continue: { progress: { metric } } }), {}, clock);
    const { metrics } = await contract.verifiers.goal[0]!.verify(step, context);
    expect(metrics).toEqual({ [metric.name]: value });
  });
});

it("answers policy, scope and permission as the script says, and else as the contract does", () => {
  const tools = { put: toolOf("put", { inScope: () => false }), get: toolOf("get", { effect: "read" }) };
  const escalate = { policy: [{ answer: "allow" }, { tool: "get", when: () => true, answer: "ask" }] };
  const script = { tools: { put: { policy: "forbid" as const, inScope: true, permitted: false } } };
  const { contract } = standInFor(contractOf({ tools, escalate }), script, clock);
  const { put, get } = contract.tools;
  expect([policyAnswer(contract.policy, put!, {}), policyAnswer(contract.policy, get!, {})]).toEqual([
    "forbid",
    "ask",
  ]);
  expect([put!.inScope!({}), put!.permitted!({})]).toEqual([true, false]);
  const { contract: same } = standInFor(contractOf({ tools, escalate }), {}, clock);
  expect(policyAnswer(same.policy, same.tools.put!, {})).toBe("allow");
  expect(same.tools.put!.inScope!({})).toBe(false);
});
