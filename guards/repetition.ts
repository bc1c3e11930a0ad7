import { z } from "zod";
import { type Decision, no, yes } from "./decision.ts";

/**
 * When doing the same again counts as going round in circles. "The same" is tool, arguments and result together, so
 * polling whose result changes never counts. The defaults spare every harmless repetition in recorded runs by a margin.
 */
export const RepetitionRules = z.strictObject({
  /** Times in a row that one action may bring the same result. Default 4: three are common in runs that end well. */
  sameInARow: z.int().min(2).max(100).default(4),
  /** Times that a cycle of two or more actions may come round. Default 3. */
  rounds: z.int().min(2).max(100).default(3),
  /** The longest cycle looked for, in actions. Default 8: as many as one turn holds by default. */
  longestCycle: z.int().min(1).max(64).default(8),
  /** Tools that may repeat as they like, because waiting is their purpose. */
  exempt: z.array(z.string().min(1)).max(100).default([]),
});
export type RepetitionRules = z.infer<typeof RepetitionRules>;

/** One action that came to a result. */
export type ActionObservation = {
  tool: string;
  /** Digest of tool and canonical arguments. */
  action: string;
  /** Digest of the result, of the failure, or of the verdict that refused the action. */
  result: string;
};

/** What the detector remembers, bounded by `longestCycle` whatever the length of the run. */
export const RepetitionState = z.strictObject({
  /** Fingerprints of the last actions, newest last. */
  recent: z.array(z.string()).max(64),
  /** At index p-1: how many actions in a row equalled the one p actions before. */
  matches: z.array(z.int().min(0)).max(64),
  /** The cycle that was found, in actions, and how often it came round; kept until acknowledged. */
  hit: z.strictObject({ cycle: z.int().min(1), rounds: z.int().min(2) }).nullable(),
  /** The agent has been told once. */
  /** Calls in a row that equalled one of the remembered. Counted up to what makes a hit. */
  stale: count,
  nudged: z.boolean(),
});
export type RepetitionState = z.infer<typeof RepetitionState>;

/** Nothing observed, nobody nudged. */
export const initialRepetition: RepetitionState = { recent: [], matches: [], hit: null, nudged: false };

/** Is this tool free to repeat as it likes? */
export const isExempt = ({ tool, rules }: { tool: string; rules: RepetitionRules }): boolean =>
  rules.exempt.includes(tool);

/** The shortest cycle that came round often enough. One action in a row is never mistaken for a longer cycle. */
function findCycle(matches: readonly number[], rules: RepetitionRules): RepetitionState["hit"] {
  const inARow = matches[0] ?? 0;
  for (const [index, matched] of matches.entries()) {
    const cycle = index + 1;
    const rounds = Math.floor(matched / cycle) + 1;
    const enough = cycle === 1 ? rounds >= rules.sameInARow : rounds >= rules.rounds && inARow < index;
    if (enough) return { cycle, rounds };
  }
  return null;
}

/** Takes in one action with its result, in time and space of `longestCycle`. Exempt tools leave no trace. */
export function nextRepetition(
  state: RepetitionState,
  observation: ActionObservation,
  rules: RepetitionRules,
): RepetitionState {
  if (isExempt({ tool: observation.tool, rules })) return state;
  const fingerprint = JSON.stringify([observation.tool, observation.action, observation.result]);
  const matches = Array.from({ length: rules.longestCycle }, (_, index) =>
    state.recent.at(-1 - index) === fingerprint ? (state.matches[index] ?? 0) + 1 : 0,
  );
  return {
    recent: [...state.recent, fingerprint].slice(-rules.longestCycle),
    matches,
    hit: findCycle(matches, rules) ?? state.hit,
    nudged: state.nudged,
  };
}

/** The agent is being told: counting starts afresh, but the next hit is the second. */
export const acknowledgeRepetition = (state: RepetitionState): RepetitionState => ({
  ...state,
  recent: [],
  matches: [],
  hit: null,
  nudged: true,
});

/** May the loop go on as it does? The first cycle is a reason to nudge the agent, the second one to ask a person. */
export function decideRepetition({ hit, nudged }: RepetitionState): Decision<"nudge" | "repeatedAction"> {
  if (hit === null) return yes;
  return no(nudged ? "repeatedAction" : "nudge");
}

const isRefusedFor = (reason: "nudge" | "repeatedAction", state: RepetitionState): boolean => {
  const decision = decideRepetition(state);
  return !decision.ok && decision.reason === reason;
};

/** Does the agent go round in circles although it was told? */
export const isRepeating = ({ state }: { state: RepetitionState }): boolean =>
  isRefusedFor("repeatedAction", state);

/** Is the agent to be told that it goes round in circles? */
export const shouldNudgeRepetition = ({ state }: { state: RepetitionState }): boolean =>
  isRefusedFor("nudge", state);
