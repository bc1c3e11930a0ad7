import type { ErrorClass } from "../../../guards/retry.ts";
import type { LoopRules } from "../../../machines/rules.ts";
import { AgentFailure, type ScriptedTurn } from "../../agents/index.ts";
import { endlessTurn } from "../script.ts";
import { type Case, done, escalated, limited, succeeded } from "./case.ts";
import { errorClasses, manners } from "./manner.ts";
import { backoffsMs, fruitlessSteps } from "./room.ts";

const failing = (errorClass: ErrorClass): AgentFailure =>
  new AgentFailure({
    errorClass,
    message: `the agent failed: ${errorClass}`,
    usage: { tokens: 0, costMicroUsd: 0 },
  });

const malformed: ScriptedTurn = () => ({ actions: "none" }) as never;
const stranger: ScriptedTurn = { actions: [{ tool: "no such tool", input: {} }] };

const failureCase = (rules: LoopRules, errorClass: ErrorClass): Case => {
  const manner = manners[errorClass];
  const goesOn = manner !== "person";
  return {
    name: `the agent fails once: ${errorClass}, ${goesOn ? "and goes on" : "which needs a person"}`,
    script: { turns: [failing(errorClass)] },
    expected: goesOn ? succeeded : escalated("missingPermission"),
    need: { steps: goesOn ? 2 : 1, waitMs: backoffsMs(rules, 1) },
  };
};

/** Which comes first, when every turn fails like this: a bound on failures, or the last step. */
function endOfFailures(rules: LoopRules, same: boolean) {
  const { sameFailure, failuresInARow } = rules.retry;
  const isSame = same && sameFailure <= failuresInARow + 1;
  const failures = isSame ? sameFailure : failuresInARow + 1;
  if (rules.limits.steps < failures) return { failures, expected: limited(rules, "steps") };
  return { failures, expected: escalated(isSame ? "sameFailure" : "retriesExhausted") };
}

function foreverCases(rules: LoopRules): Case[] {
  const unavailable = endOfFailures(rules, false);
  const invalid = endOfFailures(rules, true);
  const fruitless = fruitlessSteps(rules);
  return [
    {
      name: "the agent is never available, until its retries are used up",
      script: { afterwards: failing("unavailable") },
      expected: unavailable.expected,
      need: { waitMs: backoffsMs(rules, unavailable.failures) },
    },
    {
      name: "the agent makes the same mistake again and again",
      script: { afterwards: failing("invalidArguments") },
      expected: invalid.expected,
    },
    {
      name: "the agent does nothing, turn after turn",
      script: { afterwards: {} },
      expected: rules.limits.steps > fruitless ? escalated("noProgress") : limited(rules, "steps"),
    },
  ];
}

/** What an agent can do, and what becomes of it. */
export function agentCases(rules: LoopRules): Case[] {
  const once = (name: string, turn: ScriptedTurn, need = {}): Case => ({
    name,
    script: { turns: [turn] },
    expected: succeeded,
    need: { steps: 2, ...need },
  });
  return [
    { name: "claims to be done, and is", script: { turns: [done] }, expected: succeeded },
    {
      name: "claims to be stuck",
      script: { turns: [{ claim: "stuck", note: "no way on" }] },
      expected: { ...escalated("agentAsked"), detail: "no way on" },
    },
    {
      name: "claims to be stuck, hears an instruction and goes on",
      script: { turns: [{ claim: "stuck" }], people: [{ resume: { say: "look again" } }] },
      expected: succeeded,
      need: { steps: 2 },
    },
    {
      name: "is aborted while the agent works",
      script: { turns: [endlessTurn], people: [{ abortIn: "acting" }] },
      expected: { status: "stopped", reason: "aborted" },
    },
    once("the agent does nothing for a turn", {}),
    once("the agent returns no turn at all", malformed, { forfeits: 1 }),
    once("the agent names a tool that is not there", stranger),
    once("the agent takes too long for a turn", endlessTurn, {
      activeMs: rules.agent.timeoutMs,
      waitMs: backoffsMs(rules, 1),
      forfeits: 1,
    }),
    ...errorClasses.map((errorClass) => failureCase(rules, errorClass)),
    ...foreverCases(rules),
  ];
}
