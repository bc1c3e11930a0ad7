import { z } from "zod";
import { type Decision, no, yes } from "./decision.ts";

/**
 * When doing the same again counts as going round in circles. "The same" is tool, arguments and result together, so
 * polling whose result changes never counts. The defaults spare, by a margin, what recorded runs that ended well did.
 */
export const RepetitionRules = z.strictObject({
  /** Times that a cycle of actions comes round before it counts. Default 3: going back once is checking after a change. */
  rounds: z.int().min(2).max(100).default(3),
  /** Actions that a cycle takes at least before it counts. Default 5, so one action counts at its fifth time in a row. */
  actions: z.int().min(2).max(1_000).default(5),
  /** The longest cycle looked for, in actions. Default 8: as many as one turn holds by default. */
  longestCycle: z.int().min(1).max(64).default(8),
  /** Circles without an order: actions in a row, each equal to one of the last `longestCycle`. Default 12. */
  stale: z.int().min(2).max(1_000).default(12),
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

const count = z.int().min(0);

/** What the detector remembers, bounded by `longestCycle` whatever the length of the run. */
export const RepetitionState = z.strictObject({
  /** Fingerprints of the last actions, newest last. */
  recent: z.array(z.string()).max(64),
  /** At index p-1: how many actions in a row equalled the one p actions before. */
  matches: z.array(count).max(64),
  /** How many actions in a row equalled one of the remembered. */
  stale: count,
  /** Circles were found; kept until acknowledged, whatever the rest of the turn does. */
  hit: z.boolean(),
  /** The agent has been told once. */
  nudged: z.boolean(),
});
export type RepetitionState = z.infer<typeof RepetitionState>;

/** Nothing observed, nobody nudged. */
export const initialRepetition: RepetitionState = {
  recent: [],
  matches: [],
  stale: 0,
  hit: false,
  nudged: false,
};

const matchesWanted = (cycle: number, { rounds, actions }: RepetitionRules): number =>
  Math.max((rounds - 1) * cycle, actions - cycle);

/** Per cycle length, how many actions in a row now equal the one so many before. Counts no further than is wanted. */
const countMatches = (state: RepetitionState, latest: string, rules: RepetitionRules): number[] =>
  Array.from({ length: rules.longestCycle }, (_, index) =>
    state.recent.at(-1 - index) === latest
      ? Math.min((state.matches[index] ?? 0) + 1, matchesWanted(index + 1, rules))
      : 0,
  );

/** Takes in one action with its result, in time and space of `longestCycle`. Exempt tools leave no trace. */
export function nextRepetition(
  state: RepetitionState,
  { tool, action, result }: ActionObservation,
  rules: RepetitionRules,
): RepetitionState {
  if (rules.exempt.includes(tool)) return state;
  const latest = JSON.stringify([tool, action, result]);
  const matches = countMatches(state, latest, rules);
  const stale = state.recent.includes(latest) ? Math.min(state.stale + 1, rules.stale) : 0;
  const isCycle = matches.some((matched, index) => matched >= matchesWanted(index + 1, rules));
  return {
    recent: [...state.recent, latest].slice(-rules.longestCycle),
    matches,
    stale,
    hit: state.hit || isCycle || stale >= rules.stale,
    nudged: state.nudged,
  };
}

/** The agent is being told: counting starts afresh on what is remembered, and the next hit is the second. */
export const acknowledgeRepetition = ({ recent }: RepetitionState): RepetitionState => ({
  ...initialRepetition,
  recent,
  nudged: true,
});

/** May the loop go on as it does? The first hit is a reason to nudge the agent, the second one to ask a person. */
export function decideRepetition({ hit, nudged }: RepetitionState): Decision<"nudge" | "repeatedAction"> {
  if (!hit) return yes;
  return no(nudged ? "repeatedAction" : "nudge");
}

type Input = { state: RepetitionState; rules: RepetitionRules };

const isRefusedFor = (reason: "nudge" | "repeatedAction", { state }: Input): boolean => {
  const decision = decideRepetition(state);
  return !decision.ok && decision.reason === reason;
};

/** Does the agent go round in circles although it was told? */
export const isRepeating = (input: Input): boolean => isRefusedFor("repeatedAction", input);

/** Is the agent to be told that it goes round in circles? Once, unless a person resumes the run. */
export const shouldNudgeRepetition = (input: Input): boolean => isRefusedFor("nudge", input);
