import type { Choose } from "./choices.ts";
import { grantsFor, grantsText } from "./facts.ts";
import { earlierKey, now, presentKey } from "./forget.ts";
import type { Found } from "./found.ts";
import { reply, streaks } from "./replies.ts";
import { type Move, type Sent, type Situation, stampAt, type World } from "./situation.ts";

type Kind = () => Move;

const stamp = stampAt(now);
const person = { ...stamp, by: "a person", signed: true };
const elsewhere = "run/0/9";

const own = (event: { type: string }, label: string, found: readonly Found[] = []): Move => ({
  event,
  label: () => label,
  found,
  outside: false,
});
const fromOutside = (event: { type: string }, label: string): Move => ({
  event,
  label: () => label,
  found: [],
  outside: true,
});

/** States in which a call that takes too long is a failure, and those in which the run's own time may be what is up. */
const failing = ["acting", "effect.observing", "effect.committing"];
const timed = ["measuring", "verifying", "effect.assessing"];

function timesOut({ state, timer }: Situation, choose: Choose): Move {
  const event = { type: timer!, ...stamp };
  const label = `time is up in ${state}`;
  if (state === "effect.reconciling") return own(event, label, choose([[], ["it was asked too often"]]));
  if (failing.includes(state)) return own(event, label, streaks(choose));
  return own(
    event,
    label,
    timed.includes(state) ? choose([[], ["activeMs are used up"], ["deadlineMs are used up"]]) : [],
  );
}

function refused(choose: Choose): Move {
  const reason = choose(["duplicate", "grantUsed", "halted"]);
  const found: readonly Found[] = choose([[], ["questions are used up"]]);
  return own(
    { type: "commit.refused", ...stamp, reason } as Move["event"],
    `the commit is refused: ${reason}`,
    found,
  );
}

function crash(hasCall: boolean, choose: Choose): Move {
  const found: readonly Found[] = hasCall ? choose([[], ["recoveries are used up"]]) : [];
  return own({ type: "host.recovered", ...stamp }, "the host crashes and recovers", found);
}

function answered({ rules }: World, { context }: Situation, choose: Choose): Move {
  const key = presentKey;
  const { digest } = context.turn!.actions[0]!;
  if (choose(["granted", "denied"]) === "denied") {
    const effectKey = choose([key, elsewhere]);
    const label = effectKey === key ? "a person denies it" : "a person denies another effect";
    return fromOutside({ type: "approval.denied", ...person, effectKey, reason: "" } as Move["event"], label);
  }
  const hasAttempts = context.effect?.key === key && context.effect.attempts > 0;
  const grants = grantsFor(rules, { key, digest, hasAttempts }, choose);
  const event = { type: "approval.granted", ...person, effectKey: key, actionDigest: digest, grants };
  return fromOutside(event, `a person's answer brings ${grantsText(grants, key)}`);
}

function settled({ context }: Situation, choose: Choose): Move {
  const doubt = context.doubt?.key;
  const key = choose(doubt === undefined ? [elsewhere] : [doubt, elsewhere]);
  const found = choose(["applied", "absent"] as const);
  const what = key === doubt ? "the effect" : "another effect";
  const event = { type: "directive.settle", ...person, key, found, result: null };
  return fromOutside(event, `a person settles ${what} as ${found}`);
}

const resumed = (): Move =>
  fromOutside(
    { type: "directive.resume", ...person, say: null, raise: {} } as Move["event"],
    "a person resumes",
  );

/** What an attempt reports when nobody waits for it any more, or once again. */
function late({ key, attempt }: Sent, choose: Choose): Move {
  const which = choose([...Array.from({ length: attempt }, (_, i) => attempt - i), "other"] as const);
  const about = which === "other" ? { key: earlierKey, attempt: 1 } : { key, attempt: which };
  const outcome = choose(["applied", "notApplied"] as const);
  const what = which === "other" ? "an effect of before" : `attempt ${which}`;
  const event = { type: "effect.lateOutcome", ...stamp, ...about, outcome, result: null };
  return fromOutside(event, `late, ${what} reports ${outcome}`);
}

function word(type: "directive.halt" | "directive.liftHalt"): Move {
  const label = type === "directive.halt" ? "a person halts" : "a person lifts the halt";
  const reason = type === "directive.halt" ? { reason: "" } : {};
  return fromOutside({ type, ...person, ...reason }, label);
}

/** Can a person let it go on, with more of a limit or under a changed contract? */
export const mayContinue = ({ ended, context }: Situation): boolean =>
  !ended || context.outcome?.reason === "limit";

/** The call that is awaited is about an action, and there is none: only a chart that lost its turn asks so. */
const isLost = ({ call, context }: Situation): boolean =>
  call !== null && !["act", "verify"].includes(call) && context.turn?.actions[0] === undefined;

/** One of all the things that can happen now. */
export function nextMove(world: World, at: Situation, choose: Choose): Move {
  const { state, context, call, timer } = at;
  const kinds: Kind[] = [];
  if (!at.ended) {
    if (call !== null && !isLost(at)) {
      kinds.push(() => reply(world, at, call, choose));
      kinds.push(() =>
        own(
          { type: `xstate.error.actor.${call}`, error: "thrown" } as Move["event"],
          `the call of ${call} breaks`,
        ),
      );
    }
    if (timer !== null) kinds.push(() => timesOut(at, choose));
    kinds.push(() => crash(call !== null, choose));
    kinds.push(() =>
      fromOutside({ type: "host.failed", ...stamp, message: "" } as Move["event"], "a fold fails"),
    );
    if (state === "effect.assessing") kinds.push(() => refused(choose));
    if (state === "effect.awaitingApproval" && context.turn?.actions[0] !== undefined)
      kinds.push(() => answered(world, at, choose));
    if (state === "escalated") kinds.push(() => settled(at, choose), resumed);
    kinds.push(() =>
      fromOutside({ type: "directive.abort", ...person, reason: "" } as Move["event"], "a person aborts"),
    );
    kinds.push(() => word(context.halted ? "directive.liftHalt" : "directive.halt"));
  }
  if (at.sent !== null) kinds.push(() => late(at.sent!, choose));
  if (mayContinue(at)) {
    kinds.push(() => fromOutside({ type: "run.continued" }, "a person lets it go on with a change"));
  }
  return choose(kinds)();
}
