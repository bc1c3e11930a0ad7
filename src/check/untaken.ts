import type { ChartTransition } from "./evaluate.ts";
import type { Explored } from "./explore.ts";

/** The transitions of a chart that a search never took, and why. */
export function untaken(
  transitions: readonly ChartTransition[],
  { places, taken }: Pick<Explored, "places" | "taken">,
): (ChartTransition & { why: string })[] {
  const entered = new Set(places.map(({ state }) => state));
  // States that are passed through at once are entered by the transitions that lead to them.
  for (const number of taken) {
    const { from, to } = transitions[number]!;
    entered.add(from);
    if (to !== null) entered.add(to);
  }
  const isEntered = (state: string) =>
    state === "" || [...entered].some((one) => one === state || one.startsWith(`${state}.`));
  return transitions.flatMap((transition, number) => {
    if (taken.has(number)) return [];
    const { from, guard } = transition;
    if (!isEntered(from)) return [{ ...transition, why: `${from} is never entered` }];
    return [
      {
        ...transition,
        why: guard === null ? "something before it is always taken" : `${guard} never holds here`,
      },
    ];
  });
}
