import type { LoopState } from "../../actions/state.ts";
import type { CallName } from "../../machines/events.ts";
import type { Stepped } from "./evaluate.ts";
import { forget, type Naming, namingOf, textOf } from "./forget.ts";
import type { Sent, Situation } from "./situation.ts";

/** The attempt that was dispatched last, as its surroundings know it: only for as long as the run still speaks of it. */
function sentOf(
  sent: Sent | null,
  { calls, context }: Stepped,
  left: LoopState,
  naming: Naming,
): Sent | null {
  const execute = calls.find(({ name }) => name === "execute")?.input as Sent | undefined;
  const last = execute === undefined ? sent : { key: execute.key, attempt: execute.attempt };
  const isSpokenOf = last !== null && left.effect !== null && last.key === context.effect?.key;
  return isSpokenOf ? { key: naming.key(last.key), attempt: naming.attempt(last.attempt) } : null;
}

function timerAfter(before: string | null, { set, clear }: Stepped["timers"]): string | null {
  const left = before !== null && clear.includes(before) ? null : before;
  return set.at(-1) ?? left;
}

/** Where a step leads to, and how keys and attempts are called from there on. */
export function situationAfter(
  before: Situation | null,
  stepped: Stepped,
): { situation: Situation; naming: Naming } {
  const { state, context, ended, calls, timers } = stepped;
  const naming = namingOf(context);
  const call = calls[0]?.name ?? (context.call === null ? null : (before?.call ?? null));
  const left = forget(context, state, naming);
  return {
    naming,
    situation: {
      state,
      ended,
      context: left,
      call: call as CallName | null,
      timer: timerAfter(before?.timer ?? null, timers),
      sent: sentOf(before?.sent ?? null, stepped, left, naming),
    },
  };
}

/** Two situations with the same text are the same. */
export const textOfSituation = ({ state, context, call, timer, sent }: Situation): string =>
  `${state}|${call}|${timer}|${textOf(context)}|${sent && `${sent.key} ${sent.attempt}`}`;
