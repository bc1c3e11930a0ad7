import type { LoopState } from "../../actions/state.ts";
import type { LimitName } from "../../guards/continue.ts";
import type { LoopRules } from "../../machines/rules.ts";
import { plenty } from "./bounds.ts";

/**
 * What is found out at one moment though it came about before: time that went by, limits used up, what a detector saw. The
 * search forgets how it came about and lets it be found whenever it could matter.
 */
export type Found =
  | `${LimitName} are used up`
  | "the verdict is too old"
  | "what was sent has settled"
  | "it was asked too often"
  | "the same failure again"
  | "too many failures"
  | "an action repeats itself"
  | "an action repeats itself again"
  | "no progress"
  | "no progress again";

/** Long before everything. */
const longAgo = -(10 ** 15);

/** What one step can use at most of a limit that is not counted in steps; 1 where nobody knows. */
function worstOfStep(name: LimitName, { agent, opinions }: LoopRules): number {
  if (name !== "tokens" && name !== "costMicroUsd") return 1;
  return agent.maxPerTurn === null ? 1 : agent.maxPerTurn[name] + 2 * opinions.maxPerVerification[name];
}

/** Can a step need more of this limit than nothing? */
export const canRunOut = (name: LimitName, rules: LoopRules): boolean => worstOfStep(name, rules) > 0;

const fingerprintOf = (event: { type: string }): string => {
  const { output } = event as { output?: { failure?: { errorClass: string } } };
  return `${output?.failure?.errorClass ?? "verificationFailed"}:f`;
};

function remember(memory: LoopState, found: Found, rules: LoopRules, event: { type: string }): LoopState {
  const { effect, repetition, progress, streak } = memory;
  switch (found) {
    case "the verdict is too old":
      return { ...memory, verdict: memory.verdict && { ...memory.verdict, at: longAgo } };
    case "what was sent has settled":
      return { ...memory, effect: effect && { ...effect, lastSentAt: longAgo } };
    case "it was asked too often":
      return { ...memory, effect: effect && { ...effect, reconciliations: plenty } };
    case "too many failures":
      return { ...memory, streak: { ...streak, failures: plenty } };
    case "the same failure again":
      return { ...memory, streak: { ...streak, same: plenty, fingerprint: fingerprintOf(event) } };
    case "an action repeats itself":
      return { ...memory, repetition: { ...repetition, hit: true } };
    case "an action repeats itself again":
      return { ...memory, repetition: { ...repetition, hit: true, nudged: true } };
    case "no progress":
      return { ...memory, progress: { ...progress, idle: 2 * plenty } };
    case "no progress again":
      return { ...memory, progress: { ...progress, idle: 2 * plenty, nudged: true } };
    case "deadlineMs are used up":
      return { ...memory, startedAt: longAgo };
    default: {
      const name = found.slice(0, found.indexOf(" ")) as Exclude<LimitName, "deadlineMs">;
      // One less than the next step could need: nothing left where it needs one.
      const used = rules.limits[name] - (worstOfStep(name, rules) - 1);
      return { ...memory, spent: { ...memory.spent, [name]: used } };
    }
  }
}

/** The memory as it must have been for this to be found now. */
export const memoryOf = (
  context: LoopState,
  found: readonly Found[],
  rules: LoopRules,
  event: { type: string },
): LoopState => found.reduce((memory, one) => remember(memory, one, rules, event), context);
