import { describe, expect, it } from "vitest";
import { type Candidate, nextCandidate } from "../../../examples/repair/agent/candidates.ts";
import { difference } from "../../../examples/repair/agent/edit.ts";
import type { Memory, Trial } from "../../../examples/repair/agent/memory.ts";

const source = "const span = (a, b) => [a.low + 1, b.high - 1];\n";
const sources = { "a.js": source };

const memoryWith = (more: Partial<Memory> = {}): Memory => ({
  base: { number: 1, digest: "", score: 3, signature: null, spectrum: { failing: [], files: null } },
  accepted: [],
  trials: [],
  pending: null,
  ...more,
});

/** Plays the search to its end; `verdictOf` stands in for the suite. */
function search(
  verdictOf: (candidate: Candidate) => Pick<Trial, "verdict" | "signature">,
  start = memoryWith(),
): Candidate[] {
  const found: Candidate[] = [];
  let memory = start;
  for (;;) {
    const next = nextCandidate(memory, sources);
    if (next === undefined) return found;
    found.push(next);
    memory = {
      ...memory,
      trials: [...memory.trials, { key: next.key, kind: next.kind, base: 1, ...verdictOf(next) }],
    };
  }
}

describe("the order of candidates", () => {
  it("tries each once, and single edits alone while all of them break something", () => {
    const found = search(() => ({ verdict: "worse", signature: "x" }));
    expect(new Set(found.map(({ key }) => key)).size).toBe(found.length);
    expect(found.every(({ kind }) => kind === "single")).toBe(true);
    expect(found.length).toBeGreaterThan(10);
  });

  it("pairs edits that were neutral, first those that changed the failures", () => {
    const singles = search(() => ({ verdict: "worse", signature: null }));
    const trials = singles.map(({ key, kind, mutants }): Trial => {
      const signature = mutants[0].edit.text === "-" || mutants[0].edit.text === "+" ? "changed" : "usual";
      return { key, kind, base: 1, verdict: "neutral", signature };
    });
    const next = nextCandidate(memoryWith({ trials }), sources)!;
    expect(next.kind).toBe("pair");
    expect(next.mutants.map(({ edit }) => edit.text).sort()).toEqual(["+", "-"]);
  });

  it("keeps pairs to a third of the trials while single edits are left", () => {
    const found = search(() => ({ verdict: "neutral", signature: null }));
    const lastSingle = found.findLastIndex(({ kind }) => kind === "single");
    const pairs = found.slice(0, lastSingle).filter(({ kind }) => kind === "pair").length;
    expect(pairs).toBeLessThanOrEqual(Math.ceil(lastSingle / 3) + 1);
  });

  it("tries other edits in place of an accepted one", () => {
    const origin = difference(source, source.replace("a.low + 1", "a.low - 1"));
    const accepted = [{ path: "a.js", place: "a.js span", what: "", origin, alone: true }];
    const found = search(() => ({ verdict: "worse", signature: null }), memoryWith({ accepted }));
    const back = found.filter(({ kind }) => kind === "stepBack");
    expect(back.length).toBeGreaterThan(0);
    expect(back.every((candidate) => candidate.origin.includes("a.low - 1"))).toBe(true);
  });

  it("puts what failed on an earlier base behind everything new", () => {
    const first = nextCandidate(memoryWith(), sources)!;
    const trials: Trial[] = [{ key: first.key, kind: "single", base: 0, verdict: "worse", signature: null }];
    const found = search(() => ({ verdict: "worse", signature: null }), memoryWith({ trials }));
    expect(found.at(-1)!.key).toBe(first.key);
  });
});
