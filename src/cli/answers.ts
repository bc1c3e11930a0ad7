import type { LimitName } from "../../guards/continue.ts";
import type { EffectKind, RepeatSafety } from "../../guards/tool.ts";
import { duration } from "../base/duration.ts";
import type { LoopContract, PolicyRule } from "../contract/contract.ts";
import { toolsNeedingApproval } from "../engine/status.ts";
import type { SandboxReport } from "../ports/process.ts";
import type { Tool } from "../ports/tool.ts";
import type { Verifier } from "../ports/verifier.ts";
import { sandboxed, uncontained } from "./containment.ts";
import { limitNames, limitWords } from "./limits.ts";
import { count, plural } from "./render/units.ts";

/** A contract read back: its answers as sentences, and what it does not cover. */
export type Answers = {
  name: string;
  about: string[];
  continue: string[];
  verify: string[];
  retry: string[];
  escalate: string[];
  tools: { name: string; what: string; approval: string }[];
  notCovered: string[];
};

const limitSentences: Record<LimitName, (amount: string) => string> = {
  steps: (amount) => `${amount} turns of the agent`,
  activeMs: (amount) => `${amount} spent in calls; waiting for people does not count`,
  deadlineMs: (amount) => `${amount} since the start`,
  tokens: (amount) => `${amount} tokens`,
  costMicroUsd: (amount) => `${amount}`,
  effects: (amount) => `${amount} effects applied`,
  questions: (amount) => `${amount} questions to people`,
  recoveries: (amount) => `${amount} restarts after a crash, then a person is asked`,
  reverifications: (amount) => `${amount} verifications repeated because a verdict went stale`,
};

/** Limits that cannot be held exactly, because the agent does not say how much one turn can use. */
export const isAdvisory = ({ rules }: LoopContract, name: LimitName): boolean =>
  rules.agent.maxPerTurn === null && (name === "tokens" || name === "costMicroUsd");

function limitAnswer(contract: LoopContract, name: LimitName): string {
  const sentence = `at most ${limitSentences[name](limitWords[name].show(contract.rules.limits[name]))}`;
  return isAdvisory(contract, name)
    ? `${sentence} (advisory: the agent does not bound what a turn uses)`
    : sentence;
}

function progressAnswer({ rules: { progress } }: LoopContract): string {
  const { metric, patience } = progress;
  const what =
    metric === undefined
      ? "a new verdict or a changed workspace"
      : `a better value of ${metric.name} (${metric.direction === "higher" ? "higher" : "lower"} is better)`;
  return `progress means ${what}; the agent is told after half of ${plural(patience, "step")} without any, and a person is asked at their end`;
}

const continueAnswers = (contract: LoopContract): string[] => [
  ...limitNames.map((name) => limitAnswer(contract, name)),
  `at most ${plural(contract.rules.limits.actionsPerTurn, "action")} in one turn, and ${duration(contract.rules.agent.timeoutMs)} for it`,
  "a repeated action with the same result: the agent is told once, then a person is asked",
  progressAnswer(contract),
];

const verifierText = ({ name, kind }: Verifier): string =>
  kind === "opinion" ? `${name} (an opinion: advice only)` : kind === "human" ? `${name} (a person)` : name;
const verifierList = (verifiers: readonly Verifier[]): string => verifiers.map(verifierText).join(", ");

const verifyAnswers = ({ verifiers, rules: { verify } }: LoopContract): string[] => [
  `before any effect of a proposal: ${verifierList(verifiers.proposal)}`,
  `before success, on the final state: ${verifierList(verifiers.goal)}; the agent's own claim never suffices`,
  `a verdict is stale after ${duration(verify.maxAgeMs)}, or as soon as the workspace differs from what was checked`,
  `one verification may take ${duration(verify.timeoutMs)}`,
];

const workspaceModes: Record<NonNullable<LoopContract["rules"]["retry"]["workspace"]>, string> = {
  ratchet: "after a worse step the workspace goes back to the best state so far",
  strictRatchet: "after every step that is not better the workspace goes back to the best state so far",
  keep: "after a failed check the next turn starts where this one ended",
  reset: "after a failed check the workspace goes back to where the run started",
};

function retryAnswers({ rules }: LoopContract): string[] {
  const { failuresInARow, sameFailure, backoff, retryAfterMaxMs, workspace } = rules.retry;
  const hasMetric = rules.progress.metric !== undefined;
  return [
    `up to ${plural(failuresInARow, "failure")} in a row, then a person is asked`,
    hasMetric
      ? "failed checks may go on as long as there is progress; any other failure that is the same " +
        `${count(sameFailure)} times in a row goes to a person`
      : `the same failure ${count(sameFailure)} times in a row goes to a person`,
    `passing trouble (rate limits, time-outs, outages) is waited out: a random share of ${duration(backoff.baseMs)}, then ${backoff.factor} times as long each, at most ${duration(backoff.maxMs)}; a longer wait is honoured up to ${duration(retryAfterMaxMs)} when the other side asks for it`,
    "missing permission is never retried; an effect whose outcome is unknown is never sent again unless that is safe, or it is known not to have happened",
    workspaceModes[workspace ?? (hasMetric ? "ratchet" : "keep")],
  ];
}

const listed = (value: string | readonly string[]): string =>
  typeof value === "string" ? value : value.join(" or ");

function ruleAnswer({ tool, effect, sensitivity, when, answer, reason }: PolicyRule): string {
  const matched = [
    ...(tool === undefined ? [] : [listed(tool)]),
    ...(effect === undefined ? [] : [`${listed(effect)} effects`]),
    ...(sensitivity === undefined ? [] : [`what touches ${listed(sensitivity)}`]),
    ...(when === undefined ? [] : ["arguments that a condition of yours matches"]),
  ];
  return `${answer} ${matched.length === 0 ? "everything" : matched.join(", ")}${reason === undefined ? "" : `: ${reason}`}`;
}

function approversAnswer({ rules: { approvals } }: LoopContract): string {
  const { approvers, quorum, timeoutMs } = approvals;
  if (approvers.length === 0)
    return `nobody is named as approver, so a question waits ${duration(timeoutMs)} and then goes to a person; silence is never consent`;
  return `${count(quorum)} of ${approvers.join(", ")} must approve within ${duration(timeoutMs)}; silence is never consent`;
}

const escalateAnswers = (contract: LoopContract): string[] => [
  contract.rules.escalate.onLimit === "stop"
    ? "a used-up limit stops the run; a person can raise it and resume"
    : "a used-up limit parks the run for a person",
  "out of scope, forbidden, unverifiable, missing permission, an unknown outcome, or an agent that says it is stuck: a person",
  ...contract.policy.map((rule) => `policy: ${ruleAnswer(rule)}`),
  contract.policy.length === 0
    ? "no policy: every action is asked about"
    : "what no rule names is asked about; forbid beats ask beats allow",
  approversAnswer(contract),
  `a parked run waits ${duration(contract.rules.escalate.parkTimeoutMs)} for a person, then it is stopped`,
];

const effects: Record<EffectKind, string> = {
  read: "only reads",
  write: "writes",
  destructive: "destructive",
};
const repeats: Record<RepeatSafety, string> = {
  safe: "may be sent again",
  reconcile: "can be asked what happened",
  never: "is never sent again by itself",
};

const toolText = ({ effect, sensitivity, repeat, timeoutMs }: Tool): string =>
  [
    effects[effect],
    ...(sensitivity.length === 0 ? [] : [`touches ${sensitivity.join(", ")}`]),
    ...(effect === "read" ? [] : [repeats[repeat]]),
    `${duration(timeoutMs)} per attempt`,
  ].join("; ");

function toolAnswers(contract: LoopContract): Answers["tools"] {
  const asked = new Map(toolsNeedingApproval(contract).map(({ tool, why }) => [tool, why]));
  return Object.values(contract.tools).map((tool) => {
    const why = asked.get(tool.name);
    return {
      name: tool.name,
      what: toolText(tool),
      approval: why === undefined ? "allowed without asking" : `needs approval: ${why}`,
    };
  });
}

const notCovered = (contract: LoopContract, sandbox: SandboxReport): string[] => [
  ...uncontained(contract, sandbox),
  ...(Object.keys(contract.tools).length === 0
    ? ["no tools are declared: the loop can change its workspace only"]
    : []),
];

/** Reads a contract back to the person who wrote it; whether there is a sandbox here decides what is not covered. */
export function answersOf(contract: LoopContract, sandbox: SandboxReport): Answers {
  const { name, agent, workspace } = contract;
  const shut = sandboxed(contract, sandbox);
  return {
    name,
    about: [
      `agent ${agent.name}, containment ${agent.containment}`,
      workspace === null ? "no workspace" : `workspace ${workspace.kind}`,
    ],
    continue: continueAnswers(contract),
    verify: [...verifyAnswers(contract), ...(shut === null ? [] : [shut])],
    retry: retryAnswers(contract),
    escalate: escalateAnswers(contract),
    tools: toolAnswers(contract),
    notCovered: notCovered(contract, sandbox),
  };
}
