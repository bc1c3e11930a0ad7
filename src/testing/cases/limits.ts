import type { ScriptedReply } from "../../agents/index.ts";
import type { LoopContract } from "../../contract/contract.ts";
import { endlessTurn, type Word } from "../script.ts";
import { type Case, done, escalated, limited, succeeded } from "./case.ts";
import { backoffsMs, hasRoom } from "./room.ts";
import { actionOf, distinctInputs, passageOf, type Subject } from "./subject.ts";

/** Turns, crashes and effects that a test goes through to use up a limit; beyond that it is not cheap. */
const cheapMax = 60;

const times = <Item>(count: number, item: (n: number) => Item): Item[] =>
  Array.from({ length: count }, (_, n) => item(n));

/** Tokens and cost: the first turn uses up all there is. */
function budgetCases({ rules }: LoopContract): Case[] {
  const { limits, agent, opinions } = rules;
  const turn = (usage: { tokens: number; costMicroUsd: number }) => ({ usage });
  const worst = (agent.maxPerTurn?.tokens ?? 0) + 2 * opinions.maxPerVerification.tokens;
  const spending = { turns: [turn({ tokens: limits.tokens, costMicroUsd: 0 })] };
  return [
    { name: "the limit of tokens is used up", script: spending, expected: limited(rules, "tokens") },
    {
      name: "the limit of tokens is used up, and raised by a person",
      script: { ...spending, people: [{ resume: { raise: { tokens: Math.max(1, worst) } } }] },
      expected: succeeded,
      need: { steps: 2 },
    },
    {
      name: "the limit of cost is used up",
      script: { turns: [turn({ tokens: 0, costMicroUsd: limits.costMicroUsd })] },
      expected: limited(rules, "costMicroUsd"),
    },
  ];
}

/** Time and steps: the agent asks for help again and again, or hangs. */
function timeCases({ rules }: LoopContract): Case[] {
  const { limits, agent, escalate, retry } = rules;
  const { steps, deadlineMs, activeMs } = limits;
  const stuck = { claim: "stuck" } as const;
  const turns = Math.ceil(activeMs / agent.timeoutMs);
  return [
    ...(steps > cheapMax
      ? []
      : [
          {
            name: "the limit of steps is used up",
            script: { afterwards: stuck, people: times(steps, (): Word => "resume") },
            expected: limited(rules, "steps"),
          },
        ]),
    ...(escalate.parkTimeoutMs <= deadlineMs
      ? []
      : [
          {
            name: "the deadline passes while nobody answers",
            script: { turns: [stuck], people: [{ waitMs: deadlineMs }, "resume"] satisfies Word[] },
            expected: limited(rules, "deadlineMs"),
            need: { steps: 2, parkedMs: deadlineMs },
          },
        ]),
    ...(turns > Math.min(retry.failuresInARow, cheapMax)
      ? []
      : [
          {
            name: "the limit of active time is used up",
            script: { afterwards: endlessTurn },
            expected: limited(rules, "activeMs"),
            need: { steps: turns, forfeits: turns - 1, waitMs: activeMs + backoffsMs(rules, turns) },
          },
        ]),
  ];
}

/** Each restart after a crash counts. */
function recoveryCase({ rules }: LoopContract): Case[] {
  const crashes = rules.limits.recoveries + 1;
  if (crashes > cheapMax) return [];
  return [
    {
      name: "the process is killed more often than it may",
      script: { turns: [done], crashes: times(crashes, () => "acting") },
      expected: escalated("crashLoop"),
      need: { forfeits: crashes },
    },
  ];
}

/** One effect more than may be applied; in as few turns as possible. */
function effectsCase(contract: LoopContract, subject: Subject): Case[] {
  const { name, rules, isRead, route, tool } = subject;
  const { effects, actionsPerTurn } = rules.limits;
  const inputs = distinctInputs(subject);
  // A write that is never repeated and has no business key is asked about the second time.
  const isAsked = tool.repeat === "never" && tool.dedupe === undefined;
  if (isRead || route !== "free" || isAsked || inputs.length <= effects) return [];
  const { gate } = passageOf(contract, subject, { way: "free" });
  const actions = inputs.slice(0, effects + 1).map((input) => ({ tool: name, input }));
  const turns = times(Math.ceil(actions.length / actionsPerTurn), (n) => ({
    actions: actions.slice(n * actionsPerTurn, (n + 1) * actionsPerTurn),
  }));
  return [
    {
      name: `${name}: the limit of effects is used up`,
      script: { turns, tools: { [name]: gate } },
      expected: { ...limited(rules, "effects"), applied: { [name]: effects } },
      need: { steps: turns.length, fruitless: turns.length - 1 },
    },
  ];
}

/** One question more than may be asked; each grant voids the verdict, so verifications are used up as well. */
function questionsCase(contract: LoopContract, subject: Subject): Case[] {
  const { name, rules, canBeAsked, canBeGranted, isRead } = subject;
  const { questions, reverifications, effects } = rules.limits;
  const isFirst = !isRead && reverifications < questions;
  const granted = isFirst ? reverifications + 1 : questions;
  const asked = isFirst ? granted : questions + 1;
  const inputs = distinctInputs(subject);
  if (!canBeAsked || !canBeGranted || inputs.length < asked || asked > cheapMax) return [];
  if (!isRead && effects < asked) return [];
  const { gate } = passageOf(contract, subject, { way: "asked" });
  const turns = times(
    asked,
    (n): ScriptedReply => ({ actions: [{ ...actionOf(subject), input: inputs[n]! }] }),
  );
  return [
    {
      name: `${name}: the limit of ${isFirst ? "verifications repeated" : "questions"} is used up`,
      script: { turns, tools: { [name]: gate }, people: times(granted, (): Word => "grant") },
      expected: limited(rules, isFirst ? "reverifications" : "questions"),
      need: { steps: asked, fruitless: asked - 1 },
    },
  ];
}

const firstOf = (found: readonly Case[][], contract: LoopContract): Case[] =>
  found
    .flat()
    .filter(({ need = {} }) => hasRoom(contract.rules, need))
    .slice(0, 1);

/** The limits that a test can use up cheaply; those of actions by the first tool that can. */
export const limitCases = (contract: LoopContract, subjects: readonly Subject[]): Case[] => [
  ...budgetCases(contract),
  ...timeCases(contract),
  ...recoveryCase(contract),
  ...firstOf(
    subjects.map((subject) => effectsCase(contract, subject)),
    contract,
  ),
  ...firstOf(
    subjects.map((subject) => questionsCase(contract, subject)),
    contract,
  ),
];
