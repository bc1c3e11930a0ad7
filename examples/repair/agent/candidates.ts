import { createHash } from "node:crypto";
import { applyEdits, collide } from "./edit.ts";
import type { Accepted, Kind, Memory, Trial } from "./memory.ts";
import { type Mutant, mutantsOf } from "./mutants.ts";
import type { Sources } from "./sources.ts";
import { lineAt } from "./syntax.ts";

/** One patch of one file: a single edit, or two that may only help together. */
export type Candidate = {
  key: string;
  mutants: readonly [Mutant, ...Mutant[]];
  score: number;
  /** The text that the edits are made in; not the base's where an accepted patch is taken back. */
  origin: string;
  kind: Kind;
  /** Whether it was tried on an earlier base already. */
  stale: boolean;
};

/** Neutral edits that are combined with each other; with more, pairs would crowd out single edits. */
const halvesMax = 40;

/** What is left of the score of an edit that replaces an accepted one in the same line: most accepted ones are right. */
const stepBackFactor = 0.8;

/** The same for an edit elsewhere in the function. */
const stepAsideFactor = 0.4;

const short = (text: string): string => createHash("sha256").update(text).digest("hex").slice(0, 12);

// The commonest signature among neutral trials is that of the unchanged failures.
function usualSignature(trials: readonly Trial[]): string | null {
  const counts = new Map<string, number>();
  for (const { signature } of trials) {
    if (signature !== null) counts.set(signature, (counts.get(signature) ?? 0) + 1);
  }
  const [usual] = [...counts].sort((a, b) => b[1] - a[1]);
  return usual !== undefined && usual[1] > 1 ? usual[0] : null;
}

/** What the trials so far say about edits and places. */
type Experience = {
  tried: ReadonlySet<string>;
  triedHere: ReadonlySet<string>;
  neutral: ReadonlySet<string>;
  worse: ReadonlySet<string>;
  /** Neutral, but the failures became other ones: half of a fix, perhaps. */
  changed: ReadonlySet<string>;
};

function changedKeys({ base, trials }: Memory): Set<string> {
  const neutral = trials.filter(({ verdict }) => verdict === "neutral");
  const bases = [...new Set(neutral.map((trial) => trial.base))];
  const changed = bases.flatMap((number) => {
    const onBase = neutral.filter((trial) => trial.base === number);
    const usual = (number === base.number ? base.signature : null) ?? usualSignature(onBase);
    return onBase.filter(({ signature }) => usual !== null && signature !== usual);
  });
  return new Set(changed.map(({ key }) => key));
}

const keysOf = (trials: readonly Trial[], wanted: (trial: Trial) => boolean): Set<string> =>
  new Set(trials.filter(wanted).map(({ key }) => key));

const experienceOf = (memory: Memory): Experience => ({
  tried: keysOf(memory.trials, () => true),
  triedHere: keysOf(memory.trials, ({ base }) => base === memory.base.number),
  neutral: keysOf(memory.trials, ({ verdict }) => verdict === "neutral"),
  worse: keysOf(memory.trials, ({ verdict }) => verdict === "worse" || verdict === "unknown"),
  changed: changedKeys(memory),
});

/**
 * How much the trials speak for a place. Edits of sound code break tests; edits of faulty code rather change how the
 * failing ones fail (Moon et al., "Ask the mutants", ICST 2014).
 */
function heatOf(mutants: readonly Mutant[], { changed, worse }: Experience): Map<string, number> {
  const heat = new Map<string, number>();
  for (const { key, place } of mutants) {
    const factor = changed.has(key) ? 1.15 : worse.has(key) ? 0.95 : 1;
    heat.set(place, Math.min(1.5, (heat.get(place) ?? 1) * factor));
  }
  return heat;
}

const shareFailure = (a: Mutant, b: Mutant): boolean =>
  a.failing.length === 0 || a.failing.some((test) => b.failing.includes(test));

type Scored = Pick<Candidate, "key" | "mutants" | "score">;

function pair(a: Mutant, b: Mutant, changed: ReadonlySet<string>): Scored[] {
  if (a.path !== b.path || collide(a.edit, b.edit) || !shareFailure(a, b)) return [];
  const halves = Number(changed.has(a.key)) + Number(changed.has(b.key));
  const near = a.place === b.place ? 1 : 0.5;
  const score = Math.sqrt(a.score * b.score) * near * [0.2, 0.6, 1.3][halves]!;
  return [{ key: short([a.key, b.key].sort().join()), mutants: [a, b], score }];
}

const pairs = (halves: readonly Mutant[], changed: ReadonlySet<string>): Scored[] =>
  halves.flatMap((a, index) => halves.slice(index + 1).flatMap((b) => pair(a, b, changed)));

const better = (a: Scored, b: Scored): number => b.score - a.score || (a.key < b.key ? -1 : 1);

/**
 * Single edits, and pairs of edits that were neutral alone: neutral edits of suspicious code are what cooperating
 * fixes are made of (Schulte et al., "Software mutational robustness", 2014).
 */
function singlesAndPairs(mutants: readonly Mutant[], experience: Experience): Scored[] {
  const { changed, neutral } = experience;
  const heat = heatOf(mutants, experience);
  const warmed = mutants.map((mutant) => ({ ...mutant, score: mutant.score * heat.get(mutant.place)! }));
  const halves = warmed
    .filter(({ key }) => neutral.has(key))
    .sort((a, b) => Number(changed.has(b.key)) - Number(changed.has(a.key)) || b.score - a.score)
    .slice(0, halvesMax);
  return [
    ...warmed.map((mutant): Scored => ({ key: mutant.key, mutants: [mutant], score: mutant.score })),
    ...pairs(halves, changed),
  ];
}

type Search = { memory: Memory; sources: Sources; experience: Experience };

function forward({ memory, sources, experience }: Search): Candidate[] {
  const mutants = Object.entries(sources).flatMap(([path, text]) =>
    mutantsOf(path, text, memory.base.spectrum),
  );
  return singlesAndPairs(mutants, experience)
    .filter(({ key }) => !experience.triedHere.has(key))
    .map((candidate) => ({
      ...candidate,
      origin: sources[candidate.mutants[0].path]!,
      kind: candidate.mutants.length === 1 ? "single" : "pair",
      stale: experience.tried.has(candidate.key),
    }));
}

/**
 * Other edits in place of an accepted one. A patch that made some failing test pass may still be the wrong one (Smith
 * et al., "Is the cure worse than the disease?", FSE 2015); then the right one can only be had by taking it back.
 */
function backward(
  { memory, sources, experience }: Search,
  { path, place, origin, alone }: Accepted,
): Candidate[] {
  const text = applyEdits(sources[path]!, [origin]);
  const line = lineAt(text, origin.start);
  return mutantsOf(path, text, memory.base.spectrum)
    .filter((mutant) => mutant.place === place && !(alone && experience.tried.has(mutant.key)))
    .map((mutant) => ({
      key: short(`${place} ${origin.text} ${mutant.key}`),
      mutants: [mutant] as const,
      score: mutant.score * (lineAt(text, mutant.edit.start) === line ? stepBackFactor : stepAsideFactor),
      origin: text,
      kind: "stepBack" as const,
      stale: false,
    }))
    .filter(({ key }) => !experience.tried.has(key));
}

// Promising pairs and step-backs multiply; without a cap on their share of the trials they would starve single edits.
const shareMax: Record<Kind, number> = { single: 1, pair: 1 / 3, stepBack: 1 / 3 };

function isWithinShare(kind: Kind, { base, trials }: Memory): boolean {
  const here = trials.filter((trial) => trial.base === base.number);
  return here.filter((trial) => trial.kind === kind).length <= shareMax[kind] * here.length;
}

/**
 * The best candidate that was not tried on this base; what failed on an earlier base comes last. `undefined` when
 * nothing is left.
 */
export function nextCandidate(memory: Memory, sources: Sources): Candidate | undefined {
  const search = { memory, sources, experience: experienceOf(memory) };
  const all = [...forward(search), ...memory.accepted.flatMap((accepted) => backward(search, accepted))].sort(
    better,
  );
  const fresh = all.filter(({ stale }) => !stale);
  return fresh.find(({ kind }) => isWithinShare(kind, memory)) ?? fresh[0] ?? all[0];
}
