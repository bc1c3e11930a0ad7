import type { CallName } from "../../machines/events.ts";
import type { Stepped } from "./evaluate.ts";
import { forget, type Naming, namingOf, textOf } from "./forget.ts";
import type { Sent, Situation } from "./situation.ts";

/** The effect that was dispatched, as its surroundings know it: only while the run still speaks of it. */
function sentOf(sent: Sent | null, { calls, context }: Stepped, { key, attempt }: Naming): Sent | null {
  const execute = calls.find(({ name }) => name === "execute")?.input as Sent | undefined;
  const last = execute === undefined ? sent : { key: execute.key, attempt: execute.attempt };
  return last !== null && last.key === context.effect?.key
    ? { key: key(last.key), attempt: attempt(last.attempt) }
    : null;
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
  const isOver = ended && context.outcome?.reason !== "limit";
  const call = calls[0]?.name ?? (context.call === null ? null : (before?.call ?? null));
  return {
    naming,
    situation: {
      state,
      ended,
      context: forget(context, state, naming),
      call: call as CallName | null,
      timer: timerAfter(before?.timer ?? null, timers),
      sent: isOver ? null : sentOf(before?.sent ?? null, stepped, naming),
    },
  };
}

/** Two situations with the same text are the same. */
export const textOfSituation = ({ state, context, call, timer, sent }: Situation): string =>
  `${state}|${call}|${timer}|${textOf(context)}|${sent && `${sent.key} ${sent.attempt}`}`;
