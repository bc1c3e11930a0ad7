import { z } from "zod";
import { LoopState, Turn } from "../actions/state.ts";
import { Grant } from "../guards/approval.ts";
import { Raise, Usage } from "../guards/continue.ts";
import { GateFacts } from "../guards/effect.ts";
import { Failure } from "../guards/retry.ts";
import { VerdictResult } from "../guards/verify.ts";

const time = z.number().min(0);

/** What every event carries: when it happened (milliseconds since the epoch), and a random number in [0, 1). */
const stamp = { at: time, random: z.number().min(0).max(1) };

/** What every reply to a performed call carries: the call's id echoed. */
const reply = { ...stamp, callId: z.string() };

/** The agent's turn, parsed and digested; or why there is none. `usage: null`: unknown, charged at the worst case. */
export const ActReply = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("turn"),
    ...reply,
    turn: Turn,
    usage: Usage.nullable(),
    memory: z.string().nullable(),
    note: z.string().nullable(),
    /** Digest of the transcript. */
    transcript: z.string().nullable(),
  }),
  z.strictObject({
    kind: z.literal("failed"),
    ...reply,
    failure: Failure,
    fingerprint: z.string(),
    usage: Usage.nullable(),
    transcript: z.string().nullable(),
  }),
]);
export type ActReply = z.infer<typeof ActReply>;

export const VerifyPurpose = z.enum(["baseline", "proposal", "goal"]);
export type VerifyPurpose = z.infer<typeof VerifyPurpose>;

/** What the verifiers said of one proposal on one tree. `evidence` is the digest of all evidence. */
export const VerifyReply = z.strictObject({
  ...reply,
  purpose: VerifyPurpose,
  proposal: z.string(),
  tree: z.string().nullable(),
  result: VerdictResult,
  fingerprint: z.string(),
  summary: z.string(),
  /** The progress metric's value, where one is declared and was reported. */
  score: z.number().nullable(),
  evidence: z.string(),
  /** What opinions used; they are model calls too. */
  usage: Usage,
});
export type VerifyReply = z.infer<typeof VerifyReply>;

/** The facts about one action just before it would run. `recorded`: the outcome of an equal action applied before. */
export const AssessReply = z.strictObject({
  ...reply,
  actionDigest: z.string(),
  facts: GateFacts,
  recorded: z.json(),
});
export type AssessReply = z.infer<typeof AssessReply>;

export const ObserveReply = z.discriminatedUnion("outcome", [
  z.strictObject({ outcome: z.literal("observed"), ...reply, result: z.json(), resultDigest: z.string() }),
  z.strictObject({ outcome: z.literal("failed"), ...reply, failure: Failure, fingerprint: z.string() }),
]);
export type ObserveReply = z.infer<typeof ObserveReply>;

/** How one attempt ended. */
export const ExecuteReply = z.discriminatedUnion("outcome", [
  z.strictObject({ outcome: z.literal("applied"), ...reply, result: z.json(), resultDigest: z.string() }),
  z.strictObject({
    outcome: z.enum(["notApplied", "unknown"]),
    ...reply,
    failure: Failure,
    fingerprint: z.string(),
  }),
]);
export type ExecuteReply = z.infer<typeof ExecuteReply>;

export const ReconcileReply = z.discriminatedUnion("found", [
  z.strictObject({ found: z.literal("applied"), ...reply, result: z.json(), resultDigest: z.string() }),
  z.strictObject({ found: z.literal("absent"), ...reply }),
  z.strictObject({ found: z.literal("unknown"), ...reply, failure: Failure }),
]);
export type ReconcileReply = z.infer<typeof ReconcileReply>;

/** Whether the effect's post-condition holds, and the tree now. */
export const ConfirmReply = z.strictObject({
  ...reply,
  confirmed: z.boolean(),
  tree: z.string().nullable(),
  detail: z.string().nullable(),
});
export type ConfirmReply = z.infer<typeof ConfirmReply>;

/** The calls that the machine asks the host to perform, and what must come back. */
export const replies = {
  act: ActReply,
  verify: VerifyReply,
  assess: AssessReply,
  observe: ObserveReply,
  execute: ExecuteReply,
  reconcile: ReconcileReply,
  confirm: ConfirmReply,
} as const;
export type CallName = keyof typeof replies;
export const callNames = Object.keys(replies) as CallName[];

const doneEvent = <Name extends CallName>(name: Name) =>
  z.strictObject({
    type: z.literal(`xstate.done.actor.${name}`),
    output: replies[name] as (typeof replies)[Name],
    actorId: z.literal(name),
  });

/** A timer of the chart that came due. */
const TimerEvent = z.strictObject({ type: z.templateLiteral(["xstate.after.", z.string()]), ...stamp });

/** A crash lies between this event and the one before it: what was in flight is lost. */
const HostRecovered = z.strictObject({ type: z.literal("host.recovered"), ...stamp });
/** A fold threw: the run is parked instead of meeting the same event for ever. */
const HostFailed = z.strictObject({ type: z.literal("host.failed"), ...stamp, message: z.string() });
/** The transaction refused the intent; the fold that wrote it was discarded. */
const CommitRefused = z.strictObject({
  type: z.literal("commit.refused"),
  ...stamp,
  reason: z.enum(["duplicate", "grantUsed", "halted"]),
});
/** The outcome of an attempt whose call is no longer awaited. */
const LateOutcome = z.strictObject({
  type: z.literal("effect.lateOutcome"),
  ...stamp,
  key: z.string(),
  attempt: z.int().min(1),
  outcome: z.enum(["applied", "notApplied"]),
  result: z.json(),
});

const directive = { ...stamp, by: z.string(), /** Whether a signature was verified. */ signed: z.boolean() };

/** A person agreed; `grants` are all grants that stand for this effect now. */
const ApprovalGranted = z.strictObject({
  type: z.literal("approval.granted"),
  ...directive,
  effectKey: z.string(),
  actionDigest: z.string(),
  grants: z.array(Grant),
});
const ApprovalDenied = z.strictObject({
  type: z.literal("approval.denied"),
  ...directive,
  effectKey: z.string(),
  reason: z.string(),
});
const Resume = z.strictObject({
  type: z.literal("directive.resume"),
  ...directive,
  say: z.string().nullable(),
  raise: Raise,
});
/** A person says what became of the effect in doubt. */
const Settle = z.strictObject({
  type: z.literal("directive.settle"),
  ...directive,
  key: z.string(),
  found: z.enum(["applied", "absent"]),
  result: z.json(),
});
const Abort = z.strictObject({ type: z.literal("directive.abort"), ...directive, reason: z.string() });
const Halt = z.strictObject({ type: z.literal("directive.halt"), ...directive, reason: z.string() });
const LiftHalt = z.strictObject({ type: z.literal("directive.liftHalt"), ...directive });

/** Everything that can be folded into a running machine: the journal's vocabulary, XState's own names included. */
export const LoopEvent = z.discriminatedUnion("type", [
  doneEvent("act"),
  doneEvent("verify"),
  doneEvent("assess"),
  doneEvent("observe"),
  doneEvent("execute"),
  doneEvent("reconcile"),
  doneEvent("confirm"),
  HostRecovered,
  HostFailed,
  CommitRefused,
  LateOutcome,
  ApprovalGranted,
  ApprovalDenied,
  Resume,
  Settle,
  Abort,
  Halt,
  LiftHalt,
]);
export type LoopEvent = z.infer<typeof LoopEvent>;

export const Timer = TimerEvent;
export type Timer = z.infer<typeof TimerEvent>;

/** Words of people: what other processes may put into a run's inbox. */
export const Directive = z.discriminatedUnion("type", [
  ApprovalGranted,
  ApprovalDenied,
  Resume,
  Settle,
  Abort,
  Halt,
  LiftHalt,
]);
export type Directive = z.infer<typeof Directive>;

/** What a run starts from. `carried` is the memory of an earlier machine (accepted change, raised limit). */
export const LoopInput = z.strictObject({
  at: time,
  runId: z.string().min(1),
  baseTree: z.string().nullable(),
  /** The call to gate, for the `call` machine; `null` for a loop. */
  turn: Turn.nullable(),
  carried: LoopState.nullable(),
});
export type LoopInput = z.infer<typeof LoopInput>;

/** The first event of a journal, and the one that starts a new machine over the memory of an old one. */
export const Origin = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("run.started"),
    at: time,
    input: LoopInput,
    goal: z.string(),
    contractDigest: z.string(),
    chartDigest: z.string(),
  }),
  z.strictObject({
    type: z.literal("run.continued"),
    at: time,
    input: LoopInput,
    /** Why: a person accepted a change of contract or chart, or raised the limit that had ended the run. */
    because: z.enum(["changeAccepted", "limitRaised"]),
    by: z.string(),
    signed: z.boolean(),
    contractDigest: z.string(),
    chartDigest: z.string(),
  }),
]);
export type Origin = z.infer<typeof Origin>;

/** What a natively embedded machine's effect boundary writes: its fold happens in somebody else's actor system. */
export const NativeNote = z.strictObject({
  type: z.enum(["native.intent", "native.outcome"]),
  at: time,
  key: z.string(),
  attempt: z.int().min(1),
});
export type NativeNote = z.infer<typeof NativeNote>;

/** Anything a journal row may hold. */
export const JournalEvent = z.union([LoopEvent, Timer, Origin, NativeNote]);
export type JournalEvent = z.infer<typeof JournalEvent>;
