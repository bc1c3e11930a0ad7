import type { z } from "zod";
import { Action, type LoopState, LoopState as LoopStateSchema, Turn } from "../../actions/state.ts";
import type { Grant } from "../../guards/approval.ts";
import { decideGate, type GateFacts } from "../../guards/effect.ts";
import type { ErrorClass, Failure } from "../../guards/retry.ts";
import { createCallMachine } from "../../machines/call.ts";
import type { ExecuteInput } from "../../machines/calls.ts";
import { type CallName, Directive, JournalEvent, replies } from "../../machines/events.ts";
import { createLoopMachine } from "../../machines/loop.ts";
import { parametersOf } from "../../machines/parameters.ts";
import { LoopRules } from "../../machines/rules.ts";
import { canonicalJson } from "../../src/base/digest.ts";
import { createFold, type Folded, type Machine, type RequestedCall, stateName } from "../../src/host/fold.ts";
import { createWatch, type Seen } from "../properties/monitors.ts";
import { createComparison } from "./comparing.ts";
import { createTracer } from "./tracing.ts";

// Drives a machine like a host would, by hand: each method answers the call that is awaited, lets a timer come due, or
// says a person's word. All monitors watch, and each step is also made from the written
// snapshot, and by the checker's evaluator, which must not differ.

export type RulesInput = z.input<typeof LoopRules>;
export type DriveOptions = {
  rules?: RulesInput;
  machine?: "loop" | "call";
  /** The call to gate, for the `call` machine. */
  turn?: Partial<Turn> & { tools?: readonly string[] };
  carried?: LoopState | null;
  /** A change to the machine, for instance to plant a fault. */
  provide?: (machine: Machine) => Machine;
};
/** Titles, and the stories themselves. */
export type Stories = Record<string, () => void>;

/** How runs were parked or ended in this process, with the reason, and what the gate refused. */
export const reached = new Set<string>();

type Fields = Record<string, unknown>;
type Event = { type: string } & Fields;
type Sent = ExecuteInput & { callId: string };

const makers = { loop: createLoopMachine, call: createCallMachine };

/** The states that make a call. */
const calling = new Set([
  "measuring",
  "acting",
  "verifying",
  ...["assessing", "observing", "committing", "reconciling", "confirming"].map((name) => `effect.${name}`),
]);

export const clearFacts: GateFacts = {
  tree: "T1",
  inputValid: true,
  inScope: true,
  permitted: true,
  policy: "allow",
  grants: [],
  appliedBefore: null,
  duplicateOf: null,
  usedBefore: false,
  halted: false,
};

/** An action of this tool; its digest tells tool and argument. */
export const action = (tool: string, argument = "a"): Action =>
  Action.parse({ tool, input: argument, digest: `${tool}(${argument})` });

/** A turn that proposes these tools, on the tree T1. */
export const turnOf = ({ tools = [], ...turn }: NonNullable<DriveOptions["turn"]>): Turn =>
  Turn.parse({
    claim: null,
    actions: tools.map((tool) => action(tool)),
    proposal: "proposal",
    tree: "T1",
    changed: false,
    ...turn,
  });

export const failure = (errorClass: ErrorClass, retryAfterMs: number | null = null): Failure => ({
  errorClass,
  message: `it failed: ${errorClass}`,
  retryAfterMs,
});

const wait = { at: 10, random: 0.5 };

function assemble({
  rules: given = {},
  machine: kind = "loop",
  turn,
  carried = null,
  provide,
}: DriveOptions = {}) {
  const rules = LoopRules.parse(given);
  const machine = provide?.(makers[kind](rules)) ?? makers[kind](rules);
  const fold = createFold(machine);
  const trace = createTracer(machine);
  const watch = createWatch(rules);
  // A planted fault need not be a recipe, which is all that the checker can evaluate by itself.
  const compare = provide === undefined ? createComparison(machine) : () => {};
  const input = {
    at: 1_000,
    runId: "run",
    baseTree: "T0",
    turn: kind === "call" ? turnOf(turn ?? {}) : null,
    carried,
  };
  const origin = {
    type: "run.started" as const,
    at: 1_000,
    goal: "goal",
    contractDigest: "",
    chartDigest: "",
    input,
  };

  const timers = new Map<string, number>();
  const sent: Sent[] = [];
  const journal: { type: string }[] = [];
  let now = origin.at;
  let folded: Folded = fold.begin(origin);
  let awaited: RequestedCall | null = null;

  const stateNow = (): string => stateName(folded.snapshot.value);

  /** No state without a way out: while it is active, a run has one timer, and a call where its state makes one. */
  function expectWaiting({ snapshot, calls }: Folded): void {
    if (snapshot.status !== "active") return;
    const [state, call] = [stateName(snapshot.value), snapshot.context.call];
    if (timers.size !== 1) throw new Error(`${timers.size} timers in ${state}`);
    if ((call !== null) !== calling.has(state)) throw new Error(`call ${call?.id} in ${state}`);
    const requested = calls[0]?.callId ?? awaited?.callId;
    if (call !== null && requested !== call.id)
      throw new Error(`call ${call.id} was never requested in ${state}`);
  }

  function settleIn(event: { type: string }, from: string, next: Folded): void {
    folded = next;
    LoopStateSchema.parse(next.snapshot.context);
    for (const id of next.timers.clear) timers.delete(id);
    for (const { id, delayMs } of next.timers.set) timers.set(id, now + delayMs);
    expectWaiting(next);
    awaited = next.calls[0] ?? (next.snapshot.context.call?.id === awaited?.callId ? awaited : null);
    for (const call of next.calls) if (call.name === "execute") sent.push(call.input as Sent);
    journal.push(event);
    const { outcome, escalation } = next.snapshot.context;
    if (outcome !== null) reached.add(`ended ${outcome.reason}`);
    if (stateNow() === "escalated") reached.add(`escalated ${escalation?.reason}`);
    watch({
      event,
      at: now,
      from,
      state: stateNow(),
      calls: next.calls,
      outcome: next.snapshot.status === "active" ? null : outcome,
    } satisfies Seen);
  }

  /** Folds one event, both from the snapshot at hand and from the written one. */
  function take(event: Event): void {
    const before = folded.snapshot;
    if (!event.type.startsWith("xstate.error.")) JournalEvent.parse(event);
    trace(before, event, input);
    if (event.type === "xstate.done.actor.assess") {
      const decision = decideGate(parametersOf(rules).gate({ context: before.context, event }));
      if (!decision.ok) reached.add(`refused ${decision.reason}`);
    }
    const next = fold.step(before, event);
    const again = fold.step(fold.read(fold.write(before)), event);
    const [direct, reread] = [next, again].map(({ snapshot, calls, timers: set }) =>
      canonicalJson([fold.write(snapshot), calls, set]),
    );
    if (direct !== reread)
      throw new Error(`the written snapshot folds ${event.type} differently:\n${direct}\n${reread}`);
    compare({ state: stateNow(), context: before.context }, event, next);
    settleIn(event, stateNow(), next);
  }

  const stamped = (): typeof wait => {
    now += wait.at;
    return { at: now, random: wait.random };
  };

  function replyTo(name: CallName, fields: Fields): { type: string; output: Fields; actorId: string } {
    if (awaited?.name !== name)
      throw new Error(`awaited is ${awaited?.name ?? "nothing"} in ${stateNow()}, not ${name}`);
    const output = replies[name].parse({ ...stamped(), callId: awaited.callId, ...fields });
    return { type: `xstate.done.actor.${name}`, output, actorId: name };
  }
  const answer = (name: CallName, fields: Fields): void => take(replyTo(name, fields));
  const failed = (errorClass: ErrorClass, fingerprint: string = errorClass) => ({
    failure: failure(errorClass),
    fingerprint,
  });
  const proposal = () => folded.snapshot.context.turn?.proposal ?? "proposal";
  const facts = (some: Partial<GateFacts>): Fields => ({
    actionDigest: "",
    recorded: some.appliedBefore === undefined ? null : "recorded",
    facts: { ...clearFacts, ...some },
  });

  const view = {
    rules,
    sent: sent as readonly Sent[],
    journal: journal as readonly { type: string }[],
    timers: timers as ReadonlyMap<string, number>,
    get state(): string {
      return stateNow();
    },
    get context(): LoopState {
      return folded.snapshot.context;
    },
    get awaited(): RequestedCall | null {
      return awaited;
    },
    get reason(): string | null {
      return folded.snapshot.context.outcome?.reason ?? folded.snapshot.context.escalation?.reason ?? null;
    },
    get now(): number {
      return now;
    },
    /** Would these facts let the action pass to a dispatch? */
    wouldDispatch(some: Partial<GateFacts> = {}): boolean {
      const output = { at: now + wait.at, random: wait.random, callId: awaited?.callId, ...facts(some) };
      return fold
        .step(folded.snapshot, { type: "xstate.done.actor.assess", output } as never)
        .calls.some(({ name }) => name === "execute");
    },
    /** A grant of ann's for the action under way. */
    grant(some: Partial<Grant> = {}): Grant {
      const { turn: proposed, cursor, approval } = view.context;
      const about = {
        effectKey: approval?.effectKey ?? "none",
        actionDigest: proposed?.actions[cursor]?.digest ?? "none",
      };
      const life = { issuedAt: now, expiresAt: now + 60_000, usedBy: null, revoked: false };
      return { id: `grant-${now}`, approver: "ann", ...about, ...life, ...some };
    },
  };

  const says = (word: Fields): void =>
    take(Directive.parse({ ...stamped(), by: "ann", signed: true, ...word }));
  const moves = {
    take,
    says,
    /** Lets time pass before the next event. */
    later(ms: number): void {
      now += ms;
    },
    acts({
      usage = { tokens: 1, costMicroUsd: 1 },
      note = null,
      memory = null,
      ...some
    }: Fields & { tools?: readonly string[] } = {}): void {
      const about = { usage, memory, note, transcript: null };
      answer("act", { kind: "turn", turn: turnOf(some), ...about });
    },
    failsToAct(errorClass: ErrorClass, fingerprint?: string, some: Fields = {}): void {
      answer("act", {
        kind: "failed",
        ...failed(errorClass, fingerprint),
        usage: null,
        transcript: null,
        ...some,
      });
    },
    verifies(result: "passed" | "failed" | "unverifiable" = "passed", some: Fields = {}): void {
      const { purpose } = (awaited?.input ?? {}) as { purpose?: string };
      const about = {
        purpose,
        proposal: proposal(),
        tree: "T1",
        fingerprint: result,
        summary: `checks: ${result}`,
      };
      answer("verify", {
        ...about,
        result,
        score: null,
        evidence: "e",
        usage: { tokens: 0, costMicroUsd: 0 },
        ...some,
      });
    },
    assesses(some: Partial<GateFacts> = {}): void {
      answer("assess", facts(some));
    },
    /** The facts let it pass, but the transaction refuses the intent: that fold never happened. */
    isRefused(reason: "duplicate" | "grantUsed" | "halted", some: Partial<GateFacts> = {}): void {
      const event = replyTo("assess", facts(some));
      if (!fold.step(folded.snapshot, event).calls.some(({ name }) => name === "execute"))
        throw new Error("nothing to refuse");
      take({ type: "commit.refused", ...stamped(), reason });
    },
    reads(result = "seen"): void {
      answer("observe", { outcome: "observed", result, resultDigest: result });
    },
    failsToRead(errorClass: ErrorClass, fingerprint?: string): void {
      answer("observe", { outcome: "failed", ...failed(errorClass, fingerprint) });
    },
    applies(result = "done"): void {
      answer("execute", { outcome: "applied", result, resultDigest: result });
    },
    refuses(errorClass: ErrorClass, fingerprint?: string): void {
      answer("execute", { outcome: "notApplied", ...failed(errorClass, fingerprint) });
    },
    losesReply(errorClass: ErrorClass = "unavailable"): void {
      answer("execute", { outcome: "unknown", ...failed(errorClass) });
    },
    finds(found: "applied" | "absent" | "unknown"): void {
      const about = {
        applied: { result: "done", resultDigest: "done" },
        absent: {},
        unknown: { failure: failure("unavailable") },
      };
      answer("reconcile", { found, ...about[found] });
    },
    confirms(confirmed = true, tree: string | null = "T1"): void {
      answer("confirm", { confirmed, tree, detail: null });
    },
    /** The awaited call breaks, as it does in an actor system of somebody else. */
    breaks(): void {
      take({
        type: `xstate.error.actor.${awaited?.name}`,
        error: new Error("broken"),
        actorId: awaited?.name,
        ...stamped(),
      });
    },
    /** The present timer comes due. */
    timesOut(): void {
      const [entry] = timers;
      if (entry === undefined) throw new Error(`no timer in ${stateNow()}`);
      const [id, dueAt] = entry;
      now = Math.max(now, dueAt);
      timers.delete(id);
      take({ type: id, at: now, random: wait.random });
    },
    crashes(): void {
      take({ type: "host.recovered", ...stamped() });
    },
    failsToFold(): void {
      take({ type: "host.failed", ...stamped(), message: "a fold threw" });
    },
    /** The outcome of an attempt whose call was given up. */
    hearsLate(outcome: "applied" | "notApplied", attempt = 1, key = sent.at(-1)?.key ?? "run/1/0"): void {
      take({ type: "effect.lateOutcome", ...stamped(), key, attempt, outcome, result: null });
    },
    aborts: (): void => says({ type: "directive.abort", reason: "enough" }),
    halts: (): void => says({ type: "directive.halt", reason: "freeze" }),
    liftsHalt: (): void => says({ type: "directive.liftHalt" }),
    resumes: (some: { say?: string; raise?: Record<string, number> } = {}): void =>
      says({ type: "directive.resume", say: null, raise: {}, ...some }),
    settles: (found: "applied" | "absent", key = view.context.doubt?.key ?? "none"): void =>
      says({ type: "directive.settle", key, found, result: null }),
    grants(some: readonly Partial<Grant>[] = [{}]): void {
      const grants = some.map((one) => view.grant(one));
      const about = { effectKey: grants[0]!.effectKey, actionDigest: grants[0]!.actionDigest };
      says({ type: "approval.granted", grants, ...about });
    },
    denies: (reason = "no", effectKey = view.context.approval?.effectKey ?? "none"): void =>
      says({ type: "approval.denied", effectKey, reason }),
  };
  trace(null, origin, input);
  settleIn(origin, "", folded);
  return { view, moves };
}

type Parts = ReturnType<typeof assemble>;
type Moves = Parts["moves"];
export type Driven = Parts["view"] & { [Name in keyof Moves]: (...given: Parameters<Moves[Name]>) => Driven };

/** Starts a run; each move returns the run again, so that a test reads like a story. */
export function drive(options: DriveOptions = {}): Driven {
  const { view, moves } = assemble(options);
  const run = Object.defineProperties({}, Object.getOwnPropertyDescriptors(view)) as Driven;
  for (const [name, move] of Object.entries(moves)) {
    const chained = (...given: never[]) => {
      (move as (...all: never[]) => void)(...given);
      return run;
    };
    Object.assign(run, { [name]: chained });
  }
  return run;
}
