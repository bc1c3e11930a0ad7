import { ErrorClass } from "../../guards/retry.ts";
import { brought, foundNames, memory, numberOf } from "./promela.ts";

export type Variable = keyof typeof memory | keyof typeof brought;
/** What the model knows at one moment; what is not named is 0. */
export type Point = Readonly<Partial<Record<Variable, number>>>;
/** Variables with all the values that they take. */
export type Domain = readonly (readonly [Variable, readonly number[]])[];

const bits = (...names: Variable[]): Domain => names.map((name) => [name, [0, 1]]);
const wordsOf = (kind: string, words: readonly string[]): number[] =>
  words.map((word) => numberOf(kind, word));
const is = (name: Variable, ...words: string[]): Domain => [[name, wordsOf("is", words)]];
const kinds = (name: Variable, kind: string, ...words: string[]): Domain => [[name, wordsOf(kind, words)]];

const doubts = bits("doubtNewest", "doubtOlder", "doubtEarlier");
const claims = (name: Variable) => kinds(name, "claim", "none", "done", "stuck");
const mores = (name: Variable) => kinds(name, "more", "none", "reads", "any");
const everyFound: Domain = [["found", [0, ...wordsOf("is", foundNames)]]];

/** What each guard may look at, and more: a guard that looks at something else is found out by the table. */
export function domainOf(guard: string, tools: number): Domain {
  const tool = (name: Variable): Domain => [[name, Array.from({ length: tools + 1 }, (_, i) => i)]];
  const present: Domain = [["tool", Array.from({ length: tools }, (_, i) => i + 1)]];
  const turn: Domain = [...tool("tool"), ...mores("more"), ...claims("claim")];
  const judged: Domain = [
    ...kinds("e_verdict", "verdict", "passed", "failed", "unverifiable"),
    ...turn,
    ...doubts,
  ];
  const gate: Domain = [
    ...present,
    ...kinds("verdict", "verdict", "none", "passed", "failed", "unverifiable"),
    ["found", [0, ...wordsOf("is", ["deadlineMs", "activeMs", "effects"])]],
    ...bits("halted", "e_halted", "e_valid", "e_inScope", "e_permitted", "e_duplicate", "e_granted"),
    ...bits("e_appliedBefore", "e_usedBefore", "e_moved", "e_old"),
    ...kinds("e_policy", "policy", "allow", "ask", "forbid"),
  ];
  const failures: Domain = [
    ...is("errorClass", ...ErrorClass.options),
    ...is("origin", "turn", "proposal", "read", "effect"),
    ...everyFound,
  ];
  const keys = kinds("e_key", "key", "none", "present", "earlier");
  const domains: Readonly<Record<string, Domain>> = {
    isAborted: bits("aborted", "halted"),
    isHalted: bits("aborted", "halted"),
    isInDoubt: [...doubts, ...bits("underway")],
    isKnownApplied: bits("known", "applied", "doubtNewest"),
    hasNextAction: turn,
    isGoalDue: turn,
    needsBaseline: bits("baseline"),
    isMeasured: bits("e_measured", "baseline"),
    isTurn: [
      ["e_outcome", [0, numberOf("is", "failed")]],
      ...claims("e_claim"),
      ...tool("e_tool"),
      ...mores("e_more"),
      ...bits("e_oversized", "e_changed"),
    ],
    isRejected: judged,
    isGoalReached: judged,
    isProposalProved: judged,
    isRepeating: everyFound,
    shouldNudgeRepetition: everyFound,
    isStuck: everyFound,
    shouldNudgeProgress: everyFound,
    isAtLimit: everyFound,
    isOutOfTime: everyFound,
    isWithin: everyFound,
    mayAskAgain: everyFound,
    mayObserve: gate,
    mayDispatch: gate,
    isRefused: gate,
    isRefusedInDoubt: [...gate, ...bits("doubtNewest")],
    isApproved: [...present, ...bits("e_granted")],
    concerns: keys,
    outcomeIs: is("e_outcome", "applied", "notApplied", "unknown", "observed", "failed"),
    foundIs: is("e_found", "applied", "absent", "unknown"),
    originIs: is("origin", "turn", "proposal", "read", "effect"),
    ruleIs: [
      ...present,
      ...is("errorClass", ...ErrorClass.options),
      ...is("e_reason", "duplicate", "halted", "grantUsed"),
    ],
    isAbsentCertain: [...present, ...is("e_found", "applied", "absent", "unknown"), ...bits("e_settled")],
    isConfirmed: bits("e_confirmed", "e_moved"),
    isConfirmedButMoved: bits("e_confirmed", "e_moved"),
    isRetryRefused: failures,
    mayRetry: failures,
    mayResume: [...doubts, ...bits("halted", "aborted")],
    maySettle: [...doubts, ...keys, ...is("e_found", "applied", "absent")],
  };
  const domain = domains[guard];
  if (domain === undefined) throw new Error(`no domain for ${guard}`);
  return domain;
}

/** Every point of a domain, the last variable changing fastest. One object is used for all. */
export function* pointsOf(domain: Domain): Generator<Point> {
  const point: Partial<Record<Variable, number>> = {};
  const places = domain.map(() => 0);
  for (const [name, values] of domain) point[name] = values[0]!;
  for (;;) {
    yield point;
    let at = domain.length - 1;
    while (at >= 0 && places[at] === domain[at]![1].length - 1) {
      places[at] = 0;
      point[domain[at]![0]] = domain[at]![1][0]!;
      at -= 1;
    }
    if (at < 0) return;
    places[at]! += 1;
    point[domain[at]![0]] = domain[at]![1][places[at]!]!;
  }
}

export const variables = Object.keys({ ...memory, ...brought }) as Variable[];
