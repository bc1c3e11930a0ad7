import { z } from "zod";
import type { ToolRules } from "../../../guards/tool.ts";
import { scriptedAgent } from "../../agents/index.ts";
import type { PolicyRule } from "../../contract/contract.ts";
import { defineLoop, type LoopAnswers, type LoopContract } from "../../contract/index.ts";
import type { AnyTool } from "../../ports/tool.ts";
import type { Verifier } from "../../ports/verifier.ts";
import { fakeWorkspace } from "../fake-workspace.ts";
import { scriptedTool } from "../scripted-tool.ts";
import { scriptedVerifier } from "../scripted-verifier.ts";
import { type Arbitrary, type Fc, toolNames } from "./fast-check.ts";

const times = [1, 1_000, 60_000, 3_600_000];

type Declared = Pick<
  ToolRules,
  "effect" | "sensitivity" | "repeat" | "settlesWithinMs" | "burnsKey" | "timeoutMs"
>;
type Functions = { dedupe: boolean; inScope: boolean; permitted: boolean; confirm: boolean };

const Input = z.strictObject({ n: z.int().min(0) });
type Input = z.infer<typeof Input>;

const toolOf = (name: string, rules: Declared, functions: Functions): AnyTool =>
  scriptedTool({
    rules: {
      ...rules,
      name,
      input: Input,
      burnsKey: rules.burnsKey && rules.repeat === "reconcile",
      ...(functions.dedupe && { dedupe: (input: unknown) => `${name}:${(input as Input).n}` }),
      ...(functions.inScope && { inScope: () => true }),
      ...(functions.permitted && { permitted: () => true }),
    },
    ...(functions.confirm && { confirms: true }),
  });

function toolsFrom(fc: Fc): Arbitrary<Record<string, AnyTool>> {
  const declared = fc.record<Declared>({
    effect: fc.constantFrom("read", "write", "write", "destructive"),
    sensitivity: fc.constantFrom<ToolRules["sensitivity"]>([], [], [], ["money"]),
    repeat: fc.constantFrom("safe", "reconcile", "never"),
    settlesWithinMs: fc.constantFrom(0, 90_000),
    burnsKey: fc.boolean(),
    timeoutMs: fc.constantFrom(...times),
  });
  const functions = fc.record<Functions>({
    dedupe: fc.boolean(),
    inScope: fc.boolean(),
    permitted: fc.boolean(),
    confirm: fc.boolean(),
  });
  return fc
    .subarray([...toolNames])
    .chain((names) => fc.tuple(...names.map((name) => fc.tuple(fc.constant(name), declared, functions))))
    .map((all) => Object.fromEntries(all.map(([name, rules, has]) => [name, toolOf(name, rules, has)])));
}

/** Rules about these tools, or about all. Conditions look at the arguments. */
const policyFrom = (fc: Fc, names: readonly string[]): Arbitrary<PolicyRule[]> =>
  fc.array(
    fc.record(
      {
        ...(names.length > 0 && { tool: fc.constantFrom(...names) }),
        effect: fc.constantFrom<NonNullable<PolicyRule["effect"]>>("read", "write", "destructive"),
        when: fc.constant(({ n }: { n: number }) => n % 2 === 0),
        answer: fc.constantFrom<PolicyRule["answer"]>("allow", "allow", "allow", "ask", "forbid"),
      },
      { requiredKeys: ["answer"] },
    ) as Arbitrary<PolicyRule>,
    { maxLength: 3 },
  );

function limitsFrom(fc: Fc): Arbitrary<object> {
  const few = (max: number) => fc.integer({ min: 1, max });
  return fc.record(
    {
      steps: few(12),
      activeMs: fc.constantFrom(200_000, 3_600_000),
      deadlineMs: fc.constantFrom(900_000, 86_400_000),
      tokens: fc.constantFrom(150, 1_000),
      actionsPerTurn: few(4),
      effects: few(4),
      questions: few(4),
      recoveries: few(4),
      reverifications: few(4),
    },
    { requiredKeys: [] },
  );
}

function continueFrom(fc: Fc): Arbitrary<LoopAnswers["continue"]> {
  const metric = fc.constantFrom(
    { name: "failing" },
    { name: "passing", direction: "higher" as const },
    { name: "failing", target: 2 },
  );
  const progress = fc.record({ metric, patience: fc.integer({ min: 1, max: 6 }) }, { requiredKeys: [] });
  const repetition = fc.record({ actions: fc.constantFrom(2, 3, 5), rounds: fc.constantFrom(2, 3) });
  return fc.record({ limits: limitsFrom(fc), progress, repetition }, { requiredKeys: [] });
}

const retryFrom = (fc: Fc): Arbitrary<LoopAnswers["retry"]> =>
  fc.record(
    {
      failuresInARow: fc.integer({ min: 1, max: 6 }),
      sameFailure: fc.constantFrom(2, 3),
      retryAfterMaxMs: fc.constantFrom(...times),
      workspace: fc.constantFrom("ratchet", "strictRatchet", "keep", "reset"),
    },
    { requiredKeys: [] },
  );

/** How a workspace is put back, as far as metric and workspace allow it. */
function fitting(
  retry: LoopAnswers["retry"],
  hasWorkspace: boolean,
  hasMetric: boolean,
): LoopAnswers["retry"] {
  const { workspace, ...rest } = retry;
  const needsMetric = workspace === "ratchet" || workspace === "strictRatchet";
  const fits = workspace === "keep" || (hasWorkspace && (!needsMetric || hasMetric));
  return workspace !== undefined && fits ? { ...rest, workspace } : rest;
}

/**
 * Contracts at random, as far as a person can write them, small enough for their limits to be reached. Agent, verifiers and
 * workspace are fakes, and their tools take `{ n }`.
 */
export function contractsFrom(fc: Fc): Arbitrary<LoopContract> {
  const time = fc.constantFrom(...times);
  const usage = fc.constantFrom(undefined, { tokens: 100, costMicroUsd: 10 });
  const opinion: Verifier = {
    ...scriptedVerifier({ kind: "opinion", name: "opinion" }),
    maxPerCall: { tokens: 10, costMicroUsd: 1 },
  };
  const check = scriptedVerifier({ name: "check" });
  const patient = scriptedVerifier({ name: "quick", timeoutMs: 2_000 });
  const proof = fc.constantFrom<LoopAnswers["verify"]["goal"]>([check], [check, opinion], [patient]);
  const approvals = fc.record({
    approvers: fc.constantFrom<string[]>([], ["ann"], ["ann", "bob"]),
    quorum: fc.constantFrom(1, 2),
    timeoutMs: time,
  });
  const answers = fc.record({
    tools: toolsFrom(fc),
    maxPerTurn: usage,
    hasWorkspace: fc.boolean(),
    continue: continueFrom(fc),
    retry: retryFrom(fc),
    proposal: proof,
    goal: proof,
    turnTimeoutMs: time,
    ages: fc.record({ maxAgeMs: time, timeoutMs: time }, { requiredKeys: [] }),
    approvals,
    escalate: fc.record(
      { onLimit: fc.constantFrom("stop" as const, "escalate" as const), parkTimeoutMs: time },
      { requiredKeys: [] },
    ),
  });
  return answers
    .chain((some) => fc.record({ ...constants(fc, some), policy: policyFrom(fc, Object.keys(some.tools)) }))
    .map(({ tools, maxPerTurn, hasWorkspace, ages, policy, ...some }) =>
      defineLoop({
        name: "random",
        agent: scriptedAgent({ turns: [], ...(maxPerTurn && { maxPerTurn }) }),
        workspace: hasWorkspace ? fakeWorkspace() : null,
        tools,
        turnTimeoutMs: some.turnTimeoutMs,
        continue: some.continue,
        retry: fitting(some.retry, hasWorkspace, some.continue.progress?.metric !== undefined),
        verify: { proposal: some.proposal, goal: some.goal, ...ages },
        escalate: { ...some.escalate, approvals: some.approvals, policy },
      }),
    );
}

type Constants<Values> = { [Name in keyof Values]: Arbitrary<Values[Name]> };

/** What is chosen already, to be chosen with what depends on it. */
const constants = <Values extends object>(fc: Fc, values: Values): Constants<Values> =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, fc.constant(value)]),
  ) as Constants<Values>;
