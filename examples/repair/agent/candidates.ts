import { createHash } from "node:crypto";
import { collide } from "./edit.ts";
import type { Memory, Trial } from "./memory.ts";
import type { Mutant } from "./mutants.ts";

/** One patch to propose: a single edit, or two that may only help together. */
export type Candidate = { key: string; mutants: readonly Mutant[]; score: number };

/** Neutral edits that are combined with each other; with more, pairs would crowd out single edits. */
const halvesMax = 40;

/** What is left of the score of an edit that has failed on an earlier base: it goes to the end of the queue. */
const staleFactor = 0.05;

// The commonest signature among neutral trials is that of the unchanged failures.
function usualSignature(trials: readonly Trial[]): string | null {
  const counts = new Map<string, number>();
  for (const { signature } of trials)
    if (signature !== null) counts.set(signature, (counts.get(signature) ?? 0) + 1);
  const [usual] = [...counts].sort((a, b) => b[1] - a[1]);
  return usual !== undefined && usual[1] > 1 ? usual[0] : null;
}

/** Keys of the trials that left as many failures as before, but other ones: each may be half of a fix. */
function changedKeys({ base, trials }: Memory): Set<string> {
  const keys = new Set<string>();
  const neutral = trials.filter(({ verdict }) => verdict === "neutral");
  for (const number of new Set(neutral.map((trial) => trial.base))) {
    const onBase = neutral.filter((trial) => trial.base === number);
    const usual = (number === base.number ? base.signature : null) ?? usualSignature(onBase);
    for (const trial of onBase) if (usual !== null && trial.signature !== usual) keys.add(trial.key);
  }
  return keys;
}

/**
 * How much the trials speak for a place. Edits of sound code break tests; edits of faulty code rather change how the
 * failing ones fail (Moon et al., "Ask the mutants", ICST 2014).
 */
function heatOf(
  mutants: readonly Mutant[],
  memory: Memory,
  changed: ReadonlySet<string>,
): Map<string, number> {
  const verdicts = new Map(memory.trials.map(({ key, verdict }) => [key, verdict]));
  const heat = new Map<string, number>();
  for (const { key, place } of mutants) {
    const verdict = verdicts.get(key);
    const factor = changed.has(key) ? 1.3 : verdict === "worse" ? 0.93 : 1;
    heat.set(place, Math.min(2, (heat.get(place) ?? 1) * factor));
  }
  return heat;
}

const single = (mutant: Mutant, factor: number): Candidate => ({
  key: mutant.key,
  mutants: [mutant],
  score: mutant.score * factor,
});

const shareFailure = (a: Mutant, b: Mutant): boolean =>
  a.failing.length === 0 || a.failing.some((test) => b.failing.includes(test));

function pair(a: Mutant, b: Mutant, changed: ReadonlySet<string>): Candidate[] {
  if (a.path !== b.path || collide(a.edit, b.edit) || !shareFailure(a, b)) return [];
  const both = Number(changed.has(a.key)) + Number(changed.has(b.key));
  const near = a.place === b.place ? 1 : 0.5;
  const key = createHash("sha256").update([a.key, b.key].sort().join()).digest("hex").slice(0, 12);
  return [{ key, mutants: [a, b], score: Math.sqrt(a.score * b.score) * near * [0.2, 0.6, 1.3][both]! }];
}

function pairs(halves: readonly Mutant[], changed: ReadonlySet<string>): Candidate[] {
  return halves.flatMap((a, index) => halves.slice(index + 1).flatMap((b) => pair(a, b, changed)));
}

const better = (a: Candidate, b: Candidate): number => b.score - a.score || (a.key < b.key ? -1 : 1);

/**
 * The candidates left to try, best first: single edits, and pairs of edits that were neutral alone. Neutral edits of
 * suspicious code are what cooperating fixes are made of (Schulte et al., "Software mutational robustness", 2014).
 */
export function rank(mutants: readonly Mutant[], memory: Memory): Candidate[] {
  const here = new Set(memory.trials.filter(({ base }) => base === memory.base.number).map(({ key }) => key));
  const before = new Set(memory.trials.map(({ key }) => key));
  const neutral = new Set(memory.trials.filter(({ verdict }) => verdict === "neutral").map(({ key }) => key));
  const changed = changedKeys(memory);
  const heat = heatOf(mutants, memory, changed);
  const singles = mutants.map((mutant) => single(mutant, heat.get(mutant.place)!));
  const halves = singles
    .filter(({ key }) => neutral.has(key))
    .sort((a, b) => Number(changed.has(b.key)) - Number(changed.has(a.key)) || better(a, b))
    .slice(0, halvesMax)
    .flatMap(({ mutants: [mutant], score }) => ({ ...mutant!, score }));
  return [...singles, ...pairs(halves, changed)]
    .filter(({ key }) => !here.has(key))
    .map((candidate) =>
      before.has(candidate.key) ? { ...candidate, score: candidate.score * staleFactor } : candidate,
    )
    .sort(better);
}
