import type { LoopState } from "../../actions/state.ts";
import { LimitName, limitOf, remainingOf, type Spent } from "../../guards/continue.ts";
import { needsApproval, strictest } from "../../guards/policy.ts";
import { decideFresh } from "../../guards/verify.ts";
import { hasNext, purposeOf } from "../../machines/parameters.ts";
import { duration } from "../base/duration.ts";
import type { LoopContract, PolicyRule } from "../contract/contract.ts";
import type { Snapshot } from "../host/fold.ts";
import { stateName } from "../host/fold.ts";
import type { RunRecord, Store } from "../ports/store.ts";
import type { Tool } from "../ports/tool.ts";
import { explanations } from "./state-words.ts";
import type { RunStatusReport } from "./types.ts";

type View = { store: Store; record: RunRecord; snapshot: Snapshot; contract: LoopContract; now: number };

const callOf: Record<string, string> = {
  measuring: "verify",
  acting: "act",
  verifying: "verify",
  "effect.assessing": "assess",
  "effect.observing": "observe",
  "effect.committing": "execute",
  "effect.reconciling": "reconcile",
  "effect.confirming": "confirm",
};

/** The call that a state performs, or `null`. */
export const callIn = (state: string): string | null => callOf[state] ?? null;

/** What is left of each limit. Milliseconds, tokens, millionths of a dollar, or counts. */
export function remainingLimits(
  context: LoopState,
  contract: LoopContract,
  now: number,
): Record<LimitName, number> {
  const { raised, spent, startedAt } = context;
  const input = { limits: contract.rules.limits, raised, spent, startedAt, now };
  return Object.fromEntries(LimitName.options.map((name) => [name, remainingOf(name, input)])) as Record<
    LimitName,
    number
  >;
}

const isAdvisory = (name: LimitName, contract: LoopContract): boolean =>
  contract.rules.agent.maxPerTurn === null && (name === "tokens" || name === "costMicroUsd");

function budgetOf({ snapshot: { context }, contract, now }: View): RunStatusReport["budget"] {
  const remaining = remainingLimits(context, contract, now);
  const entries = LimitName.options.map((name) => {
    const limit = limitOf(name, contract.rules.limits, context.raised);
    const spent = name === "deadlineMs" ? now - context.startedAt : context.spent[name as keyof Spent];
    return [name, { limit, spent, remaining: remaining[name], advisory: isAdvisory(name, contract) }];
  });
  return Object.fromEntries(entries) as RunStatusReport["budget"];
}

function owedOf({ snapshot, contract, now }: View): RunStatusReport["verificationOwed"] {
  const { context } = snapshot;
  const { proposal, goal } = contract.verifiers;
  const state = stateName(snapshot.value);
  if (snapshot.status !== "active")
    return { owed: false, purpose: null, verifiers: [], why: "the run has ended" };
  if (state === "measuring") {
    return {
      owed: true,
      purpose: "baseline",
      verifiers: [...goal, ...proposal].map(({ name }) => name),
      why: "the starting point is not measured yet",
    };
  }
  if (context.turn === null) {
    return {
      owed: true,
      purpose: "proposal",
      verifiers: proposal.map(({ name }) => name),
      why: "the next proposal must pass before any of its effects",
    };
  }
  const purpose = purposeOf({ context }) === "goal" ? "goal" : "proposal";
  const names = (purpose === "goal" ? goal : proposal).map(({ name }) => name);
  const { verdict, turn } = context;
  const fresh = decideFresh({
    verdict,
    proposal: turn.proposal,
    tree: turn.tree,
    now,
    maxAgeMs: contract.rules.verify.maxAgeMs,
  });
  if (fresh.ok && purpose === "proposal" && hasNext({ context })) {
    return { owed: false, purpose: null, verifiers: [], why: "the proposal passed and its verdict is fresh" };
  }
  const why =
    purpose === "goal"
      ? "done is claimed: the final state must pass"
      : `no fresh verdict on the proposal (${fresh.ok ? "next turn" : fresh.reason})`;
  return { owed: true, purpose, verifiers: names, why };
}

function wouldEscalate({ snapshot: { context }, contract }: View): RunStatusReport["wouldEscalate"] {
  const { rules } = contract;
  const { streak } = context;
  const reasons: RunStatusReport["wouldEscalate"] = [
    {
      reason: "sameFailure",
      when: `the same failure ${rules.retry.sameFailure} times in a row (now ${streak.same})`,
    },
    {
      reason: "retriesExhausted",
      when: `more than ${rules.retry.failuresInARow} failures in a row (now ${streak.failures})`,
    },
    { reason: "repeatedAction", when: "a repeated action after the agent was told once" },
    {
      reason: "noProgress",
      when: `${rules.progress.patience} steps without progress; the agent is told at half of them`,
    },
    { reason: "missingPermission", when: "a tool or the agent is refused for lack of a permission" },
    { reason: "outOfScope", when: "an action outside its tool's scope" },
    { reason: "forbidden", when: "an action that the policy forbids" },
    { reason: "unverifiable", when: "a verifier cannot tell" },
    { reason: "unknownOutcome", when: "a dispatch whose outcome stays unknown" },
    { reason: "notConfirmed", when: "an applied effect whose post-condition does not hold" },
    { reason: "duplicate", when: "an effect whose business key is taken by another" },
    { reason: "approvalTimeout", when: `a question unanswered for ${duration(rules.approvals.timeoutMs)}` },
    {
      reason: "crashLoop",
      when: `more than ${rules.limits.recoveries} restarts (now ${context.spent.recoveries})`,
    },
    { reason: "agentAsked", when: "the agent says that it is stuck" },
    { reason: "halted", when: "a halt" },
    { reason: "internal", when: "a fault of the runtime itself" },
  ];
  return rules.escalate.onLimit === "escalate"
    ? [{ reason: "limit", when: "a limit is used up" }, ...reasons]
    : reasons;
}

/** Could a rule with a condition still ask or forbid? What the policy says without looking at arguments. */
function policyOf(policy: readonly PolicyRule[], tool: Tool): "allow" | "ask" | "forbid" {
  const includes = <Item>(value: Item | readonly Item[] | undefined, item: Item): boolean =>
    value === undefined || (Array.isArray(value) ? value.includes(item) : value === item);
  const matching = policy.filter(
    (rule) =>
      includes(rule.tool, tool.name) &&
      includes(rule.effect, tool.effect) &&
      (rule.sensitivity === undefined || tool.sensitivity.some((kind) => includes(rule.sensitivity, kind))),
  );
  return strictest(
    matching
      .filter(({ when, answer }) => when === undefined || answer !== "allow")
      .map(({ answer }) => answer),
  );
}

/** Which tools cannot run without a person's word, and why. */
export function toolsNeedingApproval(contract: LoopContract): RunStatusReport["needsApproval"] {
  return Object.values(contract.tools).flatMap((tool) => {
    const policy = policyOf(contract.policy, tool);
    const sensitive = tool.sensitivity.length > 0;
    if (!needsApproval({ effect: tool.effect, sensitive, policy, usedBefore: false })) return [];
    const why =
      policy === "forbid"
        ? "the policy forbids it"
        : tool.effect === "destructive"
          ? "it is destructive: each attempt needs a fresh grant"
          : sensitive
            ? `it touches ${tool.sensitivity.join(", ")}`
            : "no rule of the policy allows it";
    return [{ tool: tool.name, why }];
  });
}

type Node = {
  path: string[];
  ownEvents: string[];
  initial?: { target: Node[] };
  always?: { target?: Node[] }[];
  transitions: Map<string, { target?: Node[] }[]>;
};
const nodesOf = (snapshot: Snapshot): Node[] => (snapshot as unknown as { _nodes: Node[] })._nodes;

const eventsOf = (snapshot: Snapshot): string[] =>
  [...new Set(nodesOf(snapshot).flatMap(({ ownEvents }) => ownEvents))]
    .filter((event) => event !== "")
    .sort();

/** The states in which the chart can come to rest next, seen through those that it only passes. */
function nextStates(snapshot: Snapshot): string[] {
  const seen = new Set<Node>();
  const rests = new Set<string>();
  const visit = (node: Node): void => {
    if (seen.has(node)) return;
    seen.add(node);
    const onward = [
      node.initial?.target ?? [],
      ...(node.always ?? []).map(({ target }) => target ?? []),
    ].flat();
    if (onward.length === 0) rests.add(node.path.join("."));
    for (const next of onward) visit(next);
  };
  const transitions = nodesOf(snapshot).flatMap(({ transitions: map }) => [...map.values()].flat());
  for (const target of transitions.flatMap((transition) => transition.target ?? [])) visit(target);
  return [...rests].sort();
}

/** Answers the eight questions about one run, from chart, contract and store. */
export function statusReport(view: View): RunStatusReport {
  const { store, record, snapshot, contract } = view;
  const { context } = snapshot;
  const state = stateName(snapshot.value);
  const effects = store.effects(record.id);
  const last = store.journal(record.id, { after: record.length - 1, limit: 1 })[0];
  const active = snapshot.status === "active";
  return {
    runId: record.id,
    loop: record.loop,
    goal: record.goal,
    state: {
      name: state,
      since: record.updatedAt,
      status: record.status,
      explanation: explanations[state] ?? state,
      escalation: context.escalation,
      outcome: context.outcome,
    },
    mayDo: {
      call: callIn(state),
      events: active ? eventsOf(snapshot) : [],
      leadsTo: active ? nextStates(snapshot) : [],
    },
    verificationOwed: owedOf(view),
    budget: budgetOf(view),
    wouldEscalate: active ? wouldEscalate(view) : [],
    logged: {
      rows: record.length,
      store: store.location,
      durable: store.durable,
      lastEvent: last === undefined ? "" : (JSON.parse(last.event) as { type: string }).type,
      lastAt: last?.at ?? record.createdAt,
    },
    committed: {
      effects,
      inDoubt: effects.filter(({ status }) => status === "inDoubt").map(({ key }) => key),
    },
    needsApproval: toolsNeedingApproval(contract),
  };
}
