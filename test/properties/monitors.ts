import type { Outcome, Turn } from "../../actions/state.ts";
import type { Grant } from "../../guards/approval.ts";
import type { LimitName } from "../../guards/continue.ts";
import type { GateFacts } from "../../guards/effect.ts";
import { ToolRules } from "../../guards/tool.ts";
import type { ExecuteInput, VerifyInput } from "../../machines/calls.ts";
import type {
  ActReply,
  AssessReply,
  ExecuteReply,
  LoopInput,
  ObserveReply,
  ReconcileReply,
  VerifyReply,
} from "../../machines/events.ts";
import type { LoopRules } from "../../machines/rules.ts";

// What a run may never do, observed from outside: events in, requested calls and the state's name out. No monitor
// looks into the chart's memory, so a wrong memory is caught like anything else. Memories are plain data and are
// never changed in place, so that a search over all orders of events can carry them from branch to branch.

/** One fold as seen from outside. The first one of a run is its origin. */
export type Seen = {
  event: { type: string };
  at: number;
  /** Where the run was before, and where it is now. */
  from: string;
  state: string;
  calls: readonly { name: string; callId: string; input: unknown }[];
  outcome: Outcome | null;
};

export type Violation = { violated: string };
export type Monitor<Memory = unknown> = {
  name: string;
  begin: Memory;
  /** The next memory, or what was violated. */
  see(memory: Memory, seen: Seen, rules: LoopRules): Memory | Violation;
};

export const isViolation = (value: unknown): value is Violation =>
  typeof value === "object" && value !== null && "violated" in value;

const violated = (text: string): Violation => ({ violated: text });
const monitor = <Memory>(one: Monitor<Memory>): Monitor => one as unknown as Monitor;

type Replies = {
  act: ActReply;
  verify: VerifyReply;
  assess: AssessReply;
  observe: ObserveReply;
  execute: ExecuteReply;
  reconcile: ReconcileReply;
};

/** The reply in this event, if it is one to a call of this name. */
const replyIn = <Name extends keyof Replies>(seen: Seen, name: Name): Replies[Name] | null =>
  seen.event.type === `xstate.done.actor.${name}`
    ? (seen.event as unknown as { output: Replies[Name] }).output
    : null;

const eventOf = <Fields>(seen: Seen, type: string): Fields | null =>
  seen.event.type === type ? (seen.event as Fields) : null;

/** The turn that this event brings: the agent's, or the call's own. */
function turnIn(seen: Seen): Turn | null {
  const reply = replyIn(seen, "act");
  if (reply !== null) return reply.kind === "turn" ? reply.turn : null;
  return originOf(seen)?.turn ?? null;
}

/** What a run starts from, if this is its first event. */
const originOf = (seen: Seen): LoopInput | null =>
  seen.event.type.startsWith("run.") ? (seen.event as unknown as { input: LoopInput }).input : null;

const dispatchIn = (seen: Seen): ExecuteInput | null =>
  (seen.calls.find(({ name }) => name === "execute")?.input as ExecuteInput | undefined) ?? null;
const requests = (seen: Seen, ...names: string[]): boolean =>
  seen.calls.some(({ name }) => names.includes(name));
const verifyIn = (seen: Seen): VerifyInput | null =>
  (seen.calls.find(({ name }) => name === "verify")?.input as VerifyInput | undefined) ?? null;
const toolNamed = (rules: LoopRules, name: string): ToolRules => rules.tools[name] ?? ToolRules.parse({});
const isParked = (state: string): boolean => state === "escalated" || state === "effect.awaitingApproval";

type Proof = {
  turn: string | null;
  verdict: Pick<VerifyReply, "result" | "proposal" | "tree" | "at"> | null;
  tree: string | null;
};

/** No effect without a passed, fresh verdict on exactly this proposal and tree, given since the run was last parked. */
export const freshVerdict = monitor<Proof>({
  name: "freshVerdict",
  begin: { turn: null, verdict: null, tree: null },
  see(memory, seen, rules) {
    const turn = turnIn(seen);
    const verdict = replyIn(seen, "verify");
    const next = {
      turn: turn?.proposal ?? memory.turn,
      verdict: turn !== null ? null : (verdict ?? memory.verdict),
      tree: replyIn(seen, "assess")?.facts.tree ?? memory.tree,
    };
    if (dispatchIn(seen) !== null) {
      const proof = next.verdict;
      if (proof?.result !== "passed") return violated("dispatched without a passed verdict");
      if (proof.proposal !== next.turn || proof.tree !== next.tree)
        return violated("dispatched on another verdict");
      if (seen.at - proof.at > rules.verify.maxAgeMs) return violated("dispatched on an old verdict");
    }
    return isParked(seen.state) ? { ...next, verdict: null } : next;
  },
});

type Facts = { facts: GateFacts | null };

const approvers = (
  grants: readonly Grant[],
  about: { key: string; digest: string; at: number; destructive: boolean },
) =>
  new Set(
    grants
      .filter(({ effectKey, actionDigest }) => effectKey === about.key && actionDigest === about.digest)
      .filter(({ issuedAt, expiresAt, revoked }) => issuedAt <= about.at && about.at < expiresAt && !revoked)
      .filter(({ usedBy }) => usedBy === null || (usedBy === about.key && !about.destructive))
      .map(({ approver }) => approver),
  );

/** No effect that needs approval without enough valid grants for exactly this effect. */
export const approved = monitor<Facts>({
  name: "approved",
  begin: { facts: null },
  see(memory, seen, rules) {
    const facts = replyIn(seen, "assess")?.facts ?? memory.facts;
    const sent = dispatchIn(seen);
    if (sent === null) return { facts };
    const tool = toolNamed(rules, sent.action.tool);
    const destructive = tool.effect === "destructive";
    const asks = destructive || tool.sensitivity.length > 0 || facts?.policy !== "allow" || facts.usedBefore;
    if (!asks && facts?.appliedBefore === null) return { facts };
    const about = { key: sent.key, digest: sent.action.digest, at: seen.at, destructive };
    const agreed = [...approvers(facts?.grants ?? [], about)].filter((name) =>
      rules.approvals.approvers.includes(name),
    );
    return agreed.length < rules.approvals.quorum ? violated("dispatched without approval") : { facts };
  },
});

/** A grant serves one effect, and of a destructive one a single attempt. */
export const grantsUsedOnce = monitor<Record<string, string>>({
  name: "grantsUsedOnce",
  begin: {},
  see(memory, seen, rules) {
    const sent = dispatchIn(seen);
    if (sent === null) return memory;
    const destructive = toolNamed(rules, sent.action.tool).effect === "destructive";
    const reused = sent.grants.filter(
      (id) => memory[id] !== undefined && (destructive || memory[id] !== sent.key),
    );
    if (reused.length > 0) return violated(`grant ${reused[0]} was used twice`);
    return { ...memory, ...Object.fromEntries(sent.grants.map((id) => [id, sent.key])) };
  },
});

/** Nothing runs, reads included, that is forbidden, out of scope, not permitted, halted, malformed or a duplicate. */
export const gated = monitor<Facts>({
  name: "gated",
  begin: { facts: null },
  see(memory, seen) {
    const facts = replyIn(seen, "assess")?.facts ?? memory.facts;
    if (!requests(seen, "execute", "observe")) return { facts };
    if (facts === null || !facts.inputValid || !facts.inScope || !facts.permitted)
      return violated("ran what may not run");
    if (facts.policy === "forbid" || facts.halted || facts.duplicateOf !== null)
      return violated("ran what is refused");
    return { facts };
  },
});

type Attempts = { tool: string; open: number[]; applied: boolean; endedAt: number };
type Ledger = { effects: Record<string, Attempts>; inFlight: string | null };

function settleAttempt(
  effects: Ledger["effects"],
  key: string,
  found: "applied" | "absent" | number,
): Ledger["effects"] {
  const effect = effects[key];
  if (effect === undefined) return effects;
  const open = typeof found === "number" ? effect.open.filter((attempt) => attempt !== found) : [];
  return { ...effects, [key]: { ...effect, open, applied: effect.applied || found === "applied" } };
}

/** The ledger after what this event says of effects. */
function learn({ effects, inFlight }: Ledger, seen: Seen, rules: LoopRules): Ledger["effects"] {
  const reply = replyIn(seen, "execute");
  const key = inFlight ?? Object.keys(effects).at(-1);
  const late = eventOf<{ key: string; attempt: number; outcome: string }>(seen, "effect.lateOutcome");
  if (late !== null)
    return settleAttempt(effects, late.key, late.outcome === "applied" ? "applied" : late.attempt);
  const settled = eventOf<{ key: string; found: "applied" | "absent" }>(seen, "directive.settle");
  if (settled !== null && seen.from === "escalated" && seen.state !== "escalated") {
    return settleAttempt(effects, settled.key, settled.found);
  }
  if (key === undefined || effects[key] === undefined) return effects;
  const effect = effects[key];
  if (reply?.outcome === "applied") return settleAttempt(effects, key, "applied");
  if (reply?.outcome === "notApplied") return settleAttempt(effects, key, effect.open.at(-1)!);
  const asked = replyIn(seen, "reconcile");
  if (asked?.found === "applied") return settleAttempt(effects, key, "applied");
  const { burnsKey, settlesWithinMs } = toolNamed(rules, effect.tool);
  const certain = burnsKey || seen.at - effect.endedAt >= settlesWithinMs;
  return asked?.found === "absent" && certain ? settleAttempt(effects, key, "absent") : effects;
}

/** What is unknown is not sent again unless that is safe or it was settled; nobody goes past it, no run forgets it. */
export const doubtHeld = monitor<Ledger>({
  name: "doubtHeld",
  begin: { effects: {}, inFlight: null },
  see(memory, seen, rules) {
    let effects = learn(memory, seen, rules);
    let { inFlight } = memory;
    if (inFlight !== null && seen.from === "effect.committing" && seen.state !== "effect.committing") {
      effects = { ...effects, [inFlight]: { ...effects[inFlight]!, endedAt: seen.at } };
      inFlight = null;
    }
    const open = Object.keys(effects).filter((key) => effects[key]!.open.length > 0);
    const sent = dispatchIn(seen);
    const goesOn = requests(seen, "act", "observe") || verifyIn(seen)?.purpose === "goal";
    if (goesOn && open.length > 0) return violated(`went past the doubt ${open[0]}`);
    if (seen.outcome?.status === "succeeded" && open.length > 0) return violated("succeeded in doubt");
    if (sent === null) return { effects, inFlight };
    const { key, attempt, action } = sent;
    if (open.some((other) => other !== key)) return violated("dispatched past a doubt");
    if (effects[key]?.applied) return violated(`dispatched ${key} again although it was applied`);
    if (open.includes(key) && toolNamed(rules, action.tool).repeat !== "safe")
      return violated("repeated what is in doubt");
    const attempts = {
      tool: action.tool,
      open: [...(effects[key]?.open ?? []), attempt],
      applied: false,
      endedAt: seen.at,
    };
    return { effects: { ...effects, [key]: attempts }, inFlight: key };
  },
});

type Counts = {
  startedAt: number;
  raised: Partial<Record<LimitName, number>>;
  spent: Partial<Record<LimitName, number>>;
  turn: boolean;
};

const plus = (counts: Counts["spent"], name: LimitName, more: number): Counts["spent"] => ({
  ...counts,
  [name]: (counts[name] ?? 0) + more,
});

/** What this event used up. Tokens of a lost turn count at the worst case. */
function charge(memory: Counts, seen: Seen, rules: LoopRules): Counts["spent"] {
  let { spent } = memory;
  const act = replyIn(seen, "act");
  const ended = memory.turn && !seen.calls.some(({ name }) => name === "act") && seen.state !== "acting";
  const lost = memory.turn && act === null && (ended || seen.event.type === "host.recovered");
  const worst = rules.agent.maxPerTurn ?? { tokens: 0, costMicroUsd: 0 };
  const usage = act !== null ? (act.usage ?? worst) : lost ? worst : (replyIn(seen, "verify")?.usage ?? null);
  spent = plus(spent, "tokens", usage?.tokens ?? 0);
  spent = plus(spent, "costMicroUsd", usage?.costMicroUsd ?? 0);
  if (replyIn(seen, "execute")?.outcome === "applied") spent = plus(spent, "effects", 1);
  const startedOver = seen.event.type === "host.recovered" && seen.from !== "effect.committing";
  if (startedOver && seen.calls.length > 0) spent = plus(spent, "recoveries", 1);
  if (requests(seen, "act") && seen.event.type !== "host.recovered") spent = plus(spent, "steps", 1);
  if (seen.event.type === "xstate.done.actor.assess" && verifyIn(seen)?.purpose === "proposal")
    spent = plus(spent, "reverifications", 1);
  return seen.state === "effect.awaitingApproval" && seen.from !== seen.state
    ? plus(spent, "questions", 1)
    : spent;
}

/** No limit is passed, over crashes and resumes; nothing but a directive raises one. */
export const withinLimits = monitor<Counts>({
  name: "withinLimits",
  begin: { startedAt: 0, raised: {}, spent: {}, turn: false },
  see(memory, seen, rules) {
    const resumed =
      seen.from === "escalated" ? eventOf<{ raise: Counts["raised"] }>(seen, "directive.resume") : null;
    const raised = Object.entries(resumed?.raise ?? {}).reduce(
      (sum, [name, more]) => plus(sum, name as LimitName, more),
      memory.raised,
    );
    const started = seen.event.type === "run.started";
    const next = {
      startedAt: started ? seen.at : memory.startedAt,
      raised,
      spent: charge(memory, seen, rules),
      turn: requests(seen, "act") || (memory.turn && seen.state === "acting"),
    };
    const left = (name: LimitName) => rules.limits[name] + (raised[name] ?? 0) - (next.spent[name] ?? 0);
    for (const name of ["steps", "effects", "recoveries", "questions", "reverifications"] as const) {
      if (left(name) < 0) return violated(`passed the limit of ${name}`);
    }
    const worst = rules.agent.maxPerTurn ?? { tokens: 1, costMicroUsd: 1 };
    if (
      requests(seen, "act") &&
      (left("tokens") < worst.tokens || left("costMicroUsd") < worst.costMicroUsd)
    ) {
      return violated("started a turn that may pass its limit");
    }
    const late = seen.at - next.startedAt >= rules.limits.deadlineMs + (raised.deadlineMs ?? 0);
    return late && requests(seen, "act", "execute", "observe")
      ? violated("started after the deadline")
      : next;
  },
});

type Delivery = {
  turn: Turn | null;
  index: number;
  delivered: boolean;
  asked: VerifyInput["purpose"] | null;
};

const says = (seen: Seen, name: string, field: string, value: string): boolean =>
  seen.event.type === name &&
  ((seen.event as { output?: Record<string, unknown> } & Record<string, unknown>).output ?? seen.event)[
    field as never
  ] === value;

/** The action under way came to an end that counts: applied, read, or applied before. */
const delivers = (seen: Seen): boolean =>
  says(seen, "xstate.done.actor.execute", "outcome", "applied") ||
  says(seen, "xstate.done.actor.observe", "outcome", "observed") ||
  says(seen, "xstate.done.actor.reconcile", "found", "applied") ||
  says(seen, "effect.lateOutcome", "outcome", "applied") ||
  says(seen, "directive.settle", "found", "applied") ||
  (replyIn(seen, "assess")?.facts.appliedBefore ?? null) !== null;

/** Success only when the goal verifiers passed on the final state, or, for a single call, when all of it was delivered. */
export const provedSuccess = monitor<Delivery>({
  name: "provedSuccess",
  begin: { turn: null, index: -1, delivered: true, asked: null },
  see(memory, seen) {
    const turn = turnIn(seen);
    const assessed = seen.calls.find(({ name }) => name === "assess")?.input as { index: number } | undefined;
    const isNew = turn !== null || (assessed !== undefined && assessed.index !== memory.index);
    const next: Delivery = {
      turn: turn ?? memory.turn,
      index: assessed?.index ?? originOf(seen)?.carried?.cursor ?? (turn === null ? memory.index : -1),
      delivered: isNew ? false : memory.delivered || delivers(seen),
      asked: verifyIn(seen)?.purpose ?? memory.asked,
    };
    const last = (next.turn?.actions.length ?? 0) - 1;
    const complete = next.index === last && (last < 0 || next.delivered);
    if (verifyIn(seen)?.purpose === "goal" && !complete)
      return violated("verified the goal before the last action was delivered");
    if (seen.outcome?.status !== "succeeded" || seen.event.type.startsWith("run.")) return next;
    if (seen.outcome.reason === "answered") return complete ? next : violated("answered without an answer");
    const reply = replyIn(seen, "verify");
    return memory.asked === "goal" && reply?.result === "passed" ? next : violated("succeeded unproved");
  },
});

/** An action applied once is not sent again by being proposed again, unless a person granted exactly that. */
export const appliedOnce = monitor<Ledger & { digests: Record<string, string> }>({
  name: "appliedOnce",
  begin: { effects: {}, inFlight: null, digests: {} },
  see(memory, seen, rules) {
    const effects = learn(memory, seen, rules);
    const sent = dispatchIn(seen);
    if (sent === null) return { ...memory, effects };
    const { key, attempt, action, grants } = sent;
    const before = Object.keys(effects).find(
      (other) => effects[other]!.applied && memory.digests[other] === action.digest,
    );
    if (before !== undefined && grants.length === 0) return violated(`applied ${action.digest} again`);
    const attempts = { tool: action.tool, open: [attempt], applied: false, endedAt: seen.at };
    const { [key]: _, ...others } = effects;
    return {
      effects: { ...others, [key]: attempts },
      inFlight: key,
      digests: { ...memory.digests, [key]: action.digest },
    };
  },
});

const permanent: readonly string[] = ["unauthenticated", "forbidden"];

/** Does this event say what only a person can answer? */
function needsPerson(seen: Seen, asked: VerifyInput["purpose"] | null): boolean {
  const failed = [replyIn(seen, "act"), replyIn(seen, "observe"), replyIn(seen, "execute")].some(
    (reply) => reply !== null && "failure" in reply && permanent.includes(reply.failure.errorClass),
  );
  const facts = replyIn(seen, "assess")?.facts;
  const refused = facts !== undefined && (!facts.inScope || !facts.permitted || facts.policy === "forbid");
  const unproved = asked !== "baseline" && replyIn(seen, "verify")?.result === "unverifiable";
  return failed || unproved || (refused && facts.inputValid);
}

/** Missing permission, what is out of bounds and what cannot be verified go to a person; nothing retries them. */
export const handsOff = monitor<{ asked: VerifyInput["purpose"] | null }>({
  name: "handsOff",
  begin: { asked: null },
  see({ asked }, seen) {
    const next = { asked: verifyIn(seen)?.purpose ?? asked };
    if (!needsPerson(seen, asked)) return next;
    const away = ["escalated", "stopped", "effect.confirming", "effect.reconciling"].includes(seen.state);
    return away ? next : violated(`in ${seen.state} with what a person must see`);
  },
});

const settling = ["effect.committing", "effect.confirming", "succeeded", "stopped"];

/** After an abort nothing starts but what settles a dispatch, and the run ends as soon as that is done. */
export const abortEnds = monitor<{ aborted: boolean }>({
  name: "abortEnds",
  begin: { aborted: false },
  see(memory, seen) {
    const aborted = memory.aborted || seen.event.type === "directive.abort";
    if (!aborted) return memory;
    if (seen.calls.some(({ name }) => name !== "confirm")) return violated("started a call after an abort");
    return settling.includes(seen.state) ? { aborted } : violated(`in ${seen.state} after an abort`);
  },
});

/** Under a halt no turn starts, and nothing is read or dispatched. */
export const haltHolds = monitor<{ halted: boolean }>({
  name: "haltHolds",
  begin: { halted: false },
  see(memory, seen) {
    const { type } = seen.event;
    const halted = type === "directive.halt" || (memory.halted && type !== "directive.liftHalt");
    return halted && requests(seen, "act", "observe", "execute")
      ? violated("went on under a halt")
      : { halted };
  },
});

/** One call at a time, each with an id of its own, and none after the end. */
export const oneCall = monitor<{ last: number; ended: boolean }>({
  name: "oneCall",
  begin: { last: 0, ended: false },
  see(memory, seen) {
    const [call, other] = seen.calls;
    const ended = seen.outcome !== null;
    if (other !== undefined) return violated("two calls at once");
    if (call === undefined) return { ...memory, ended };
    if (ended) return violated("a call after the end");
    const id = Number(call.callId);
    return id > memory.last ? { last: id, ended } : violated(`call id ${call.callId} was used before`);
  },
});

/** All of them. */
export const monitors: readonly Monitor[] = [
  freshVerdict,
  approved,
  grantsUsedOnce,
  gated,
  doubtHeld,
  withinLimits,
  provedSuccess,
  appliedOnce,
  handsOff,
  abortEnds,
  haltHolds,
  oneCall,
];

/** A watch over one run: throws, with the monitor's name, at the first violation. */
export function createWatch(rules: LoopRules, watching: readonly Monitor[] = monitors): (seen: Seen) => void {
  let memories = watching.map(({ begin }) => begin);
  return (seen) => {
    memories = watching.map(({ name, see }, i) => {
      const next = see(memories[i], seen, rules);
      if (isViolation(next))
        throw new Error(`${name}: ${next.violated}, at ${seen.event.type} in ${seen.from}`);
      return next;
    });
  };
}
