import type { LoopMachine } from "../../../../machines/loop.ts";
import { checkFaulty, references } from "../../../helpers/checking.ts";

type Faults = Parameters<LoopMachine["provide"]>[0];

/** A shortest run, in words, that violates the property once these faults are planted; `null` where it still holds. */
export function violationOf(
  name: string,
  contract: keyof typeof references,
  faults: Faults,
): string[] | null {
  const { properties } = checkFaulty(references[contract]!, faults, { until: name, statesMax: 20_000 });
  const found = properties.find((property) => property.name === name)!;
  return found.verdict === "violated" ? found.trace.map(({ says }) => says) : null;
}
