import { contracts } from "./contracts.ts";
import type { Mutant } from "./generate.ts";
import { type Recording, search } from "./search.ts";
import { walkAll, walksFrom } from "./walks.ts";

/**
 * `killed`: the checker or a property test finds the fault. `equivalent`: nothing that was searched or played tells it
 * from the chart as it is. `survived`: it makes a difference, and nobody minds.
 */
export type Judgement = {
  name: string;
  kind: Mutant["kind"];
  verdict: "killed" | "equivalent" | "survived";
  /** What killed it, or what told it from the chart as it is; `null` where nothing did. */
  by: string | null;
};

/** Walks before the search, to be rid of what any run shows, and in all. */
const firstWalks = 15;

export type JudgeOptions = { seed: number; walks: number };

/** Judges mutants, one after the other, by what finds most soonest. */
export function createJudge({ seed, walks: count }: JudgeOptions) {
  const walks = walksFrom(seed, count);
  const originals = new Map<string, Recording>();

  function originalOf(name: string): Recording {
    const known = originals.get(name);
    if (known !== undefined) return known;
    const { recording, violated } = search(contracts[name]!, (machine) => machine);
    if (violated !== null) throw new Error(`the chart as it is violates ${violated} under ${name}`);
    originals.set(name, recording);
    return recording;
  }

  return ({ name, kind, plant }: Mutant): Judgement => {
    const judged = (verdict: Judgement["verdict"], by: string | null): Judgement => ({
      name,
      kind,
      verdict,
      by,
    });
    const first = walkAll(walks.slice(0, firstWalks), plant);
    if (first.violated !== null) return judged("killed", `walk: ${first.violated}`);
    const differing: string[] = [];
    for (const [contract, one] of Object.entries(contracts)) {
      const { violated, same, cut } = search(one, plant, { expected: originalOf(contract) });
      if (violated !== null) return judged("killed", `search of ${contract}: ${violated}`);
      if (cut !== null) differing.push(`the search of ${contract} was cut off at ${cut}`);
      else if (!same) differing.push(`the graph of ${contract}`);
    }
    const rest = walkAll(walks.slice(firstWalks), plant);
    if (rest.violated !== null) return judged("killed", `walk: ${rest.violated}`);
    if (!first.same || !rest.same) differing.push("walks");
    return differing.length === 0 ? judged("equivalent", null) : judged("survived", differing.join(", "));
  };
}
