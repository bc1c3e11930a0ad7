import { z } from "zod";
import { Raise, Spent, Usage } from "../guards/continue.ts";
import { EscalationReason } from "../guards/escalate.ts";
import { initialProgress, ProgressState } from "../guards/progress.ts";
import { initialRepetition, RepetitionState } from "../guards/repetition.ts";
import { ErrorClass, Failure, FailureOrigin } from "../guards/retry.ts";
import { Verdict } from "../guards/verify.ts";

const time = z.number().min(0);
const count = z.int().min(0);

/** A value that survives JSON. */
export const Json = z.json();
export type Json = z.infer<typeof Json>;

/** One proposed tool call: tool, arguments, digest of both. */
export const Action = z.strictObject({ tool: z.string(), input: z.json(), digest: z.string() });
export type Action = z.infer<typeof Action>;

/** What the agent returned in one turn. `proposal` is the digest of its actions, its claim and the tree. */
export const Turn = z.strictObject({
  claim: z.enum(["done", "stuck"]).nullable(),
  actions: z.array(Action).max(64),
  proposal: z.string(),
  tree: z.string().nullable(),
  /** The workspace differs from where the turn started. */
  changed: z.boolean(),
});
export type Turn = z.infer<typeof Turn>;

/** What the agent is told at its next turn. Texts and results were bounded before they came here. */
export const Feedback = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("instruction"), text: z.string() }),
  z.strictObject({ kind: z.literal("verificationFailed"), text: z.string(), score: z.number().nullable() }),
  z.strictObject({ kind: z.literal("failure"), errorClass: ErrorClass, text: z.string() }),
  z.strictObject({ kind: z.literal("observed"), tool: z.string(), result: z.json() }),
  z.strictObject({ kind: z.literal("applied"), tool: z.string(), result: z.json() }),
  z.strictObject({ kind: z.literal("alreadyApplied"), tool: z.string(), result: z.json() }),
  z.strictObject({ kind: z.literal("denied"), tool: z.string(), text: z.string() }),
  z.strictObject({ kind: z.literal("nudge"), text: z.string() }),
]);
export type Feedback = z.infer<typeof Feedback>;

/** The action on its way to the world: one key for life, numbered attempts. */
export const Effect = z.strictObject({
  key: z.string(),
  tool: z.string(),
  attempts: count,
  /** The last time at which an attempt may have sent something. */
  lastSentAt: time.nullable(),
  reconciliations: count,
  /** Ids of the grants that the last intent used. */
  grants: z.array(z.string()),
  /** It is in the world, counted and told. */
  applied: z.boolean(),
  /** A late reply said that it was applied; it is not yet counted. */
  knownApplied: z.boolean(),
  result: z.json(),
});
export type Effect = z.infer<typeof Effect>;

export const FailureRecord = z.strictObject({
  origin: FailureOrigin,
  ...Failure.shape,
  fingerprint: z.string(),
  score: z.number().nullable(),
});
export type FailureRecord = z.infer<typeof FailureRecord>;

export const OutcomeReason = z.enum(["goal", "answered", "refused", "limit", "aborted", "parkTimeout"]);
export type OutcomeReason = z.infer<typeof OutcomeReason>;

/** How a run ended: why, how many effects were applied, and which effect is still in doubt. */
export const Outcome = z.strictObject({
  status: z.enum(["succeeded", "stopped"]),
  reason: OutcomeReason,
  /** Which limit, what was missing, or a person's words. */
  detail: z.string().nullable(),
  at: time,
});
export type Outcome = z.infer<typeof Outcome>;

/** Everything the machine remembers of a run. Bounded: no transcript, no diff, no output; those lie beside the journal. */
export const LoopState = z.strictObject({
  runId: z.string(),
  startedAt: time,

  spent: Spent,
  raised: Raise,
  /** Held back for the turn in flight; charged in full when its usage stays unknown. */
  reserved: Usage.nullable(),

  /** Number of calls performed so far; the present one's number is its id. */
  calls: count,
  call: z.strictObject({ id: z.string(), openedAt: time }).nullable(),
  /** When the present state's timer was set, or the one before it ended. */
  setAt: time,
  /** When the present state's timer is due. */
  dueAt: time.nullable(),

  turn: Turn.nullable(),
  /** Index of the action under way. */
  cursor: count,
  verdict: Verdict.nullable(),
  effect: Effect.nullable(),
  /** The effect in doubt, and its attempts without an outcome. Set before anything is sent and cleared by nothing but an outcome. */
  doubt: z.strictObject({ key: z.string(), attempts: z.array(count).min(1).max(128), at: time }).nullable(),
  /** The open question to people. */
  approval: z.strictObject({ effectKey: z.string(), askedAt: time }).nullable(),

  feedback: z.array(Feedback).max(80),
  /** Digest of what the agent carries from turn to turn. */
  memory: z.string().nullable(),
  workspace: z.strictObject({
    /** The tree the next turn starts from; `null`: wherever the workspace is. */
    start: z.string().nullable(),
    /** The tree the run started from. */
    base: z.string().nullable(),
    /** The tree with the best score so far, and that score. */
    best: z.string().nullable(),
    bestScore: z.number().nullable(),
  }),

  failure: FailureRecord.nullable(),
  /** Failures in a row, equal ones in a row, and where the last one came from. */
  streak: z.strictObject({
    failures: count,
    same: count,
    fingerprint: z.string().nullable(),
    origin: FailureOrigin.nullable(),
  }),
  /** What this step gave the progress detector, until the step is closed. */
  step: z
    .strictObject({
      score: z.number().nullable(),
      verdict: z.string().nullable(),
      tree: z.string().nullable(),
      results: z.array(z.string()),
    })
    .nullable(),
  repetition: RepetitionState,
  progress: ProgressState,

  halted: z.boolean(),
  abortRequested: z.boolean(),
  escalation: z
    .strictObject({ reason: EscalationReason, detail: z.string().nullable(), at: time })
    .nullable(),
  outcome: Outcome.nullable(),
});
export type LoopState = z.infer<typeof LoopState>;

/** The memory of a run that has just started. */
export const initialState = (input: { runId: string; at: number; baseTree: string | null }): LoopState => ({
  runId: input.runId,
  startedAt: input.at,
  spent: {
    steps: 0,
    activeMs: 0,
    tokens: 0,
    costMicroUsd: 0,
    effects: 0,
    questions: 0,
    recoveries: 0,
    reverifications: 0,
  },
  raised: {},
  reserved: null,
  calls: 0,
  call: null,
  setAt: input.at,
  dueAt: null,
  turn: null,
  cursor: 0,
  verdict: null,
  effect: null,
  doubt: null,
  approval: null,
  feedback: [],
  memory: null,
  workspace: { start: input.baseTree, base: input.baseTree, best: null, bestScore: null },
  failure: null,
  streak: { failures: 0, same: 0, fingerprint: null, origin: null },
  step: null,
  repetition: initialRepetition,
  progress: initialProgress,
  halted: false,
  abortRequested: false,
  escalation: null,
  outcome: null,
});

/** The memory of an earlier machine, taken over by a new one: spending, doubts and ledger stay, what was in flight goes. */
export const carriedState = (carried: LoopState): LoopState => ({
  ...carried,
  reserved: null,
  call: null,
  dueAt: null,
  verdict: null,
  approval: null,
  step: null,
  abortRequested: false,
  escalation: null,
  outcome: null,
});
