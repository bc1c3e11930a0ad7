import { initialState, type LoopState, type Turn } from "../../actions/state.ts";
import type { Grant } from "../../guards/approval.ts";
import type { LimitName } from "../../guards/continue.ts";
import { effectKeyOf } from "../../guards/effect.ts";
import { type LoopRules, reconciliationsMax } from "../../machines/rules.ts";
import type { Point } from "./domain.ts";
import { toolsOf, wordOf } from "./promela.ts";

/** A moment of a real run, with the numbers of its contract, that the model sees as one point. */
export type Moment = { context: LoopState; event: { type: string } };

const now = 1_000_000_000_000;
const [tree, otherTree] = ["tree", "another tree"];
const blank = initialState({ runId: "run", at: now, baseTree: tree });
const is = (value: number | undefined): string | null => (value ? wordOf("is", value) : null);

/** What is used up has just been: one less would do. */
function spending(rules: LoopRules, found: string | null): Pick<LoopState, "spent" | "startedAt"> {
  const { limits, agent, opinions } = rules;
  const worst = (name: "tokens" | "costMicroUsd"): number =>
    agent.maxPerTurn === null ? 1 : agent.maxPerTurn[name] + 2 * opinions.maxPerVerification[name];
  const used = (name: Exclude<LimitName, "deadlineMs">, least: number): number =>
    limits[name] - least + (found === name ? 1 : 0);
  return {
    startedAt: now - limits.deadlineMs + (found === "deadlineMs" ? 0 : 1),
    spent: {
      steps: used("steps", 1),
      activeMs: used("activeMs", 1),
      tokens: used("tokens", worst("tokens")),
      costMicroUsd: used("costMicroUsd", worst("costMicroUsd")),
      effects: used("effects", 1),
      questions: used("questions", 1),
      recoveries: used("recoveries", 1),
      reverifications: used("reverifications", 1),
    },
  };
}

const failureOf = ({ found }: { found: string | null }, rules: LoopRules, errorClass: string) => ({
  errorClass,
  message: "",
  retryAfterMs: rules.retry.retryAfterMaxMs + (found === "muchLater" ? 1 : 0),
});

/** As many grants as are asked for, or with one of them expiring just now. */
function grantsFor({ approvals }: LoopRules, effectKey: string, enough: boolean): Grant[] {
  return approvals.approvers.slice(0, approvals.quorum).map((approver, i) => ({
    id: approver,
    effectKey,
    actionDigest: "present",
    approver,
    issuedAt: now,
    expiresAt: now + (enough || i > 0 ? 1 : 0),
    usedBy: null,
    revoked: false,
  }));
}

/** Concrete moments for the points of one contract's model. */
export function momentsOf(rules: LoopRules): (point: Point, on: string) => Moment {
  const tools = toolsOf(rules);
  const readTool = tools.find((tool) => tool.rules.effect === "read");
  const effectTool = tools.find((tool) => tool.rules.effect !== "read")!;
  const claims = [null, "done", "stuck"] as const;

  function turnOf(tool = 0, more = 0, claim = 0): Turn {
    const named = (name: string) => ({ tool: name, input: null, digest: "present" });
    const first = tools[tool - 1];
    const rest = [[], [readTool ?? effectTool], [effectTool]][more]!;
    const actions = first === undefined ? [] : [first, ...rest].map(({ name }) => named(name));
    return { claim: claims[claim]!, actions, proposal: "p", tree, changed: false };
  }

  function contextOf(point: Point): LoopState {
    const { doubtNewest, doubtOlder, doubtEarlier, known, e_old, e_settled } = point;
    const found = is(point.found);
    const { spent, startedAt } = spending(rules, found);
    const key = effectKeyOf({ runId: "run", step: spent.steps, index: 0 });
    const open = [...(doubtOlder || doubtEarlier ? [1] : []), ...(doubtNewest ? [2] : [])];
    const result = wordOf("verdict", point.verdict ?? 0);
    const tool = tools[(point.tool ?? 0) - 1];
    const { patience } = rules.progress;
    return {
      ...blank,
      startedAt,
      spent,
      call: { id: "1", openedAt: now },
      dueAt: now,
      turn: turnOf(point.tool, point.more, point.claim),
      verdict:
        result === "none"
          ? null
          : {
              result: result as "passed",
              proposal: "p",
              tree,
              at: now - rules.verify.maxAgeMs - (e_old ? 1 : 0),
            },
      effect: {
        key,
        tool: tool?.name ?? "",
        attempts: 2,
        // A tool that settles at once has settled, whenever it was sent.
        lastSentAt: Math.min(now, now - (tool?.rules.settlesWithinMs ?? 0) + (e_settled ? 0 : 1)),
        reconciliations: reconciliationsMax - (found === "often" ? 0 : 1),
        grants: [],
        applied: Boolean(point.applied),
        knownApplied: Boolean(known),
        result: null,
      },
      doubt: open.length === 0 ? null : { key: doubtEarlier ? "run/0/0" : key, attempts: open, at: now },
      approval: { effectKey: key, askedAt: now },
      workspace: { start: tree, base: tree, best: null, bestScore: point.baseline ? 0 : null },
      failure: {
        origin: (is(point.origin) ?? "turn") as "turn",
        ...failureOf({ found }, rules, is(point.errorClass) ?? "internal"),
        fingerprint: "",
        score: null,
      } as LoopState["failure"],
      streak: {
        failures: rules.retry.failuresInARow + (found === "many" ? 1 : 0),
        same: rules.retry.sameFailure - (found === "same" ? 0 : 1),
        fingerprint: "",
        origin: "turn",
      },
      repetition: {
        ...blank.repetition,
        hit: found === "repeated" || found === "repeating",
        nudged: found === "repeating",
      },
      progress: {
        ...blank.progress,
        idle: found === "fruitless" ? patience : patience / 2 - (found === "idle" ? 0 : 0.5),
        nudged: found === "fruitless",
      },
      halted: Boolean(point.halted),
      abortRequested: Boolean(point.aborted),
    };
  }

  function outputOf(point: Point, key: string): Record<string, unknown> {
    const { e_tool, e_more, e_claim, e_oversized, e_changed, e_moved } = point;
    const isFailed = is(point.e_outcome) === "failed";
    const turn = { ...turnOf(e_tool, e_more, e_claim), changed: Boolean(e_changed) };
    const actions = Array(rules.limits.actionsPerTurn + 1).fill(turnOf(1).actions[0]);
    return {
      at: now,
      random: 0.5,
      callId: "1",
      kind: isFailed ? "failed" : "turn",
      turn: e_oversized ? { ...turn, actions } : turn,
      usage: null,
      result: wordOf("verdict", point.e_verdict ?? 0),
      score: point.e_measured ? 0 : null,
      outcome: is(point.e_outcome),
      found: is(point.e_found),
      confirmed: Boolean(point.e_confirmed),
      tree: e_moved ? otherTree : tree,
      facts: {
        tree: e_moved ? otherTree : tree,
        inputValid: Boolean(point.e_valid),
        inScope: Boolean(point.e_inScope),
        permitted: Boolean(point.e_permitted),
        policy: wordOf("policy", point.e_policy ?? 0),
        grants: grantsFor(rules, key, Boolean(point.e_granted)),
        appliedBefore: point.e_appliedBefore ? "run/0/0" : null,
        duplicateOf: point.e_duplicate ? "elsewhere" : null,
        usedBefore: Boolean(point.e_usedBefore),
        halted: Boolean(point.e_halted),
      },
    };
  }

  return (point, on) => {
    const context = contextOf(point);
    const { key } = context.effect!;
    const about = { present: key, earlier: "run/0/0", none: "run/0/9" }[wordOf("key", point.e_key ?? 0)]!;
    const event = {
      type: on,
      at: now,
      random: 0.5,
      output: outputOf(point, key),
      reason: is(point.e_reason),
      grants: grantsFor(rules, key, Boolean(point.e_granted)),
      actionDigest: "present",
      effectKey: about,
      key: about,
      found: is(point.e_found),
    };
    return { context, event };
  };
}
