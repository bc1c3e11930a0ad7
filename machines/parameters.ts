import type { Action, LoopState, Turn } from "../actions/state.ts";
import { approvingGrants } from "../guards/approval.ts";
import {
  type Budget,
  type ContinueInput,
  decideContinue,
  isWithin,
  type LimitName,
  remainingOf,
  type Usage,
} from "../guards/continue.ts";
import { effectKeyOf, type GateInput } from "../guards/effect.ts";
import { backoffMs, type RetryInput } from "../guards/retry.ts";
import { ToolRules } from "../guards/tool.ts";
import type { TurnInput } from "../guards/turn.ts";
import type { ActInput } from "./calls.ts";
import type { ActReply, AssessReply, VerifyPurpose } from "./events.ts";
import type { LoopRules } from "./rules.ts";

/** From the machine's context and event to the guards' own parameters; nothing is decided here. */

type Stamped = { at?: unknown; random?: unknown; output?: unknown; input?: unknown };
export type Args = { context: LoopState; event: { type: string } };

function stampOf(event: Stamped): { at?: unknown; random?: unknown } {
  const carrier = event.at === undefined ? (event.output ?? event.input ?? event) : event;
  return carrier as { at?: unknown; random?: unknown };
}

/** When the event happened. A timer of a natively embedded machine carries no time; it is due when it fires. */
export function timeOf({ context, event }: Args): number {
  const { at } = stampOf(event as Stamped);
  return typeof at === "number" ? at : (context.dueAt ?? context.setAt);
}

/** The random number that came with the event; 1 (the longest wait) where none did. */
export function randomOf({ event }: Args): number {
  const { random } = stampOf(event as Stamped);
  return typeof random === "number" ? random : 1;
}

/** The rules of a tool; one that nobody declared is assumed at its worst. */
export const toolOf = (rules: LoopRules, name: string): ToolRules => rules.tools[name] ?? ToolRules.parse({});

export const turnOf = ({ context }: { context: LoopState }): Turn => context.turn!;
export const actionOf = ({ context }: { context: LoopState }): Action =>
  turnOf({ context }).actions[context.cursor]!;
export const keyOf = ({ context }: { context: LoopState }): string =>
  effectKeyOf({ runId: context.runId, step: context.spent.steps, index: context.cursor });

export const hasNext = ({ context }: { context: LoopState }): boolean =>
  context.turn !== null && context.cursor < context.turn.actions.length;

/** What is to be verified now: the proposal, or the goal when done is claimed and nothing is left to deliver. */
export const purposeOf = ({ context }: { context: LoopState }): VerifyPurpose =>
  context.turn?.claim === "done" && !hasNext({ context }) ? "goal" : "proposal";

/** What one step can use at most: the turn, and the opinions on its proposal and on the goal. `null`: not known. */
function worstOfStep({ agent, opinions }: LoopRules): Usage | null {
  const { tokens, costMicroUsd } = opinions.maxPerVerification;
  const turn = agent.maxPerTurn;
  return turn && { tokens: turn.tokens + 2 * tokens, costMicroUsd: turn.costMicroUsd + 2 * costMicroUsd };
}

/** The parameter mappings of one contract. */
export function parametersOf(rules: LoopRules) {
  const spending = (args: Args): Budget => ({
    limits: rules.limits,
    raised: args.context.raised,
    spent: args.context.spent,
    startedAt: args.context.startedAt,
    now: timeOf(args),
  });
  const continuing =
    (steps: 0 | 1) =>
    (args: Args): ContinueInput => ({ ...spending(args), worst: worstOfStep(rules), steps });
  const within = (name: LimitName) => (args: Args) => ({ ...spending(args), name });
  const left = (args: Args, ceilingMs: number): number =>
    Math.max(
      1,
      Math.min(ceilingMs, remainingOf("activeMs", spending(args)), remainingOf("deadlineMs", spending(args))),
    );

  const gate = (args: Args): GateInput => {
    const reply = (args.event as unknown as { output: AssessReply }).output;
    const action = actionOf(args);
    const tool = toolOf(rules, action.tool);
    const spent = spending(args);
    return {
      facts: reply.facts,
      halted: args.context.halted,
      tool,
      effectKey: keyOf(args),
      actionDigest: action.digest,
      verdict: args.context.verdict,
      proposal: turnOf(args).proposal,
      now: timeOf(args),
      maxAgeMs: rules.verify.maxAgeMs,
      approvals: rules.approvals,
      withinLimits:
        isWithin({ ...spent, name: "deadlineMs" }) &&
        isWithin({ ...spent, name: "activeMs" }) &&
        (tool.effect === "read" || isWithin({ ...spent, name: "effects" })),
    };
  };

  const retry = ({ context }: Args): RetryInput => ({
    errorClass: context.failure?.errorClass ?? "internal",
    origin: context.failure?.origin ?? "turn",
    failuresInARow: context.streak.failures,
    sameInARow: context.streak.same,
    retryAfterMs: context.failure?.retryAfterMs ?? null,
    hasMetric: rules.progress.metric !== undefined,
    rules: rules.retry,
  });

  const turn = ({ event }: Args): TurnInput => {
    const reply = (event as unknown as { output: ActReply }).output;
    const failed = reply.kind === "failed";
    const { claim, actions, changed } = failed ? { claim: null, actions: [], changed: false } : reply.turn;
    const reads = actions.filter((action) => toolOf(rules, action.tool).effect === "read").length;
    const { actionsPerTurn } = rules.limits;
    return { failed, claim, actions: actions.length, reads, changed, actionsPerTurn };
  };

  return {
    /** What is left of the run's time while a call is in flight. */
    time: (args: Args) => {
      const { call, dueAt } = args.context;
      const until = Math.min(timeOf(args), dueAt ?? timeOf(args));
      return { ...spending(args), inFlightMs: until - (call?.openedAt ?? until) };
    },
    turn,
    continuing,
    within,
    left,
    gate,
    retry,
    /** The first limit that is used up, as text; for the outcome. */
    spentLimit: (args: Args): string | null => {
      // A step that starts over costs no other, so steps are named only where nothing else is used up.
      const decision = [0 as const, 1 as const].map((steps) => decideContinue(continuing(steps)(args)));
      return decision.find((one) => !one.ok)?.reason ?? null;
    },
    remaining: (args: Args): ActInput["remaining"] => {
      const now = args.context.call?.openedAt ?? timeOf(args);
      const input = { ...spending(args), now };
      const names = [
        "steps",
        "activeMs",
        "deadlineMs",
        "tokens",
        "costMicroUsd",
        "effects",
        "questions",
      ] as const;
      const rest = ["recoveries", "reverifications"] as const;
      const entries = [...names, ...rest].map((name) => [name, remainingOf(name, input)]);
      return { ...Object.fromEntries(entries), actionsPerTurn: rules.limits.actionsPerTurn };
    },
    /** The limit that stands in the way of the present action; for the outcome. */
    gateLimit: (args: Args): string => {
      const spent = spending(args);
      const names = ["deadlineMs", "activeMs", "effects"] as const;
      return names.find((name) => !isWithin({ ...spent, name })) ?? "effects";
    },
    /** Milliseconds until the tool is asked again: until "absent" can be believed, or a backoff. */
    settling: (args: Args): number => {
      const { effect } = args.context;
      const { found } = (args.event as { output?: { found?: string } }).output ?? {};
      const settled = (effect?.lastSentAt ?? 0) + toolOf(rules, actionOf(args).tool).settlesWithinMs;
      if (found === "absent") return Math.max(1, settled - timeOf(args));
      const attempt = effect?.reconciliations ?? 1;
      return backoffMs({ attempt, random: randomOf(args), retryAfterMs: null, rules: rules.retry });
    },
    grantIds: (args: Args): string[] => {
      const input = gate(args);
      const destructive = input.tool.effect === "destructive";
      const { effectKey, actionDigest, now } = input;
      return approvingGrants({
        grants: input.facts.grants,
        effectKey,
        actionDigest,
        destructive,
        now,
        rules: rules.approvals,
      }).map((grant) => grant.id);
    },
    backoff: (args: Args): number =>
      backoffMs({
        attempt: args.context.streak.failures,
        random: randomOf(args),
        retryAfterMs: args.context.failure?.retryAfterMs ?? null,
        rules: rules.retry,
      }),
  };
}
export type Parameters = ReturnType<typeof parametersOf>;
