import type { LoopContract } from "../contract/contract.ts";
import { searched } from "./check.ts";
import { createEvaluator } from "./evaluate.ts";
import { properties as own } from "./properties/index.ts";
import type { Property } from "./property.ts";
import { createWatch, type Looked } from "./watch.ts";
import { beginning, type Way, waysFrom } from "./ways.ts";

/** What became of a trace: how many of its events could still happen, and what was violated on the way. */
export type Replayed = { followed: number; of: number; violated: string | null };

/**
 * Goes the way of a trace once more, event by event, and looks at one property. A trace that a changed contract no longer
 * allows is followed as far as it goes. `properties` are further promises of your own.
 */
export function replay(
  contract: LoopContract,
  {
    property: name,
    trace,
    properties = [],
  }: { property: string; trace: readonly string[]; properties?: readonly Property[] },
): Replayed {
  const all = [...own, ...properties];
  const property = all.find((one) => one.name === name);
  if (property === undefined) throw new TypeError(`there is no property "${name}"`);
  const { machine, world } = searched(
    contract,
    all.flatMap(({ tools = [] }) => tools),
  );
  const chart = createEvaluator(machine);
  const watch = createWatch(all, world.rules);
  let at: Omit<Way<Looked>, "move"> = beginning(chart, world, (...given) =>
    watch.look(watch.first, ...given),
  );
  let followed = 1;
  const violated = () => at.looked.broken.find((one) => one.property === property)?.violated ?? null;
  for (const says of trace.slice(1)) {
    if (violated() !== null) break;
    const { situation, looked } = at;
    const ways = waysFrom(chart, world, situation, (...given) => watch.look(looked.memories, ...given));
    const way = [...ways].find(({ label }) => label() === says);
    if (way === undefined) break;
    at = way;
    followed += 1;
  }
  return { followed, of: trace.length, violated: violated() };
}

/** A vitest test, ready to be pasted, that goes the way of a trace and expects the property to hold. `from`: what to import the contract from. */
export function regressionOf(
  { name, says }: Pick<Property, "name" | "says">,
  trace: readonly { says: string }[],
  from: string,
): string {
  const isOwn = own.some((one) => one.name === name);
  const lines = trace.map(({ says: line }) => `      ${JSON.stringify(line)},`);
  return `import { replay } from "loopwright/check";
import { expect, it } from "vitest";
import contract${isOwn ? "" : ", { properties }"} from ${JSON.stringify(from)};

it(${JSON.stringify(`${name}: ${says}`)}, () => {
  const { violated } = replay(contract, {
    property: ${JSON.stringify(name)},${isOwn ? "" : "\n    properties,"}
    trace: [
${lines.join("\n")}
    ],
  });
  expect(violated).toBeNull();
});
`;
}
