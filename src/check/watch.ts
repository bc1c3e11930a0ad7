import type { LoopRules } from "../../machines/rules.ts";
import type { Naming } from "./forget.ts";
import { isViolation, type Property, type Seen } from "./property.ts";

/** What each property remembers, as numbers: equal memories have the same, and `broken` is no memory any more. */
export type Memories = readonly number[];
/** What properties make of one event: what they remember from now on, and which of them it violates. */
export type Looked = { memories: Memories; broken: readonly { property: Property; violated: string }[] };

/** A property that was violated is looked at no further on that way. */
const broken = -1;

/** Watches runs with properties, all of them at once. */
export function createWatch(properties: readonly Property[], rules: LoopRules) {
  const numbers = new Map<string, number>();
  const values: unknown[] = [];
  const numberOf = (value: unknown): number => {
    const text = JSON.stringify(value);
    const known = numbers.get(text);
    if (known !== undefined) return known;
    numbers.set(text, values.length);
    return values.push(value) - 1;
  };
  const renamed = (property: Property, memory: unknown, naming: Naming): unknown =>
    property.rename === undefined ? memory : property.rename(memory, naming);

  return {
    first: properties.map(({ begin }) => numberOf(begin)) as Memories,
    look(before: Memories, seen: Seen, naming: Naming): Looked {
      const found: { property: Property; violated: string }[] = [];
      const memories = before.map((number, i) => {
        if (number === broken) return broken;
        const property = properties[i]!;
        const memory = values[number];
        const next = property.see(memory, seen, rules);
        if (isViolation(next)) {
          found.push({ property, violated: next.violated });
          return broken;
        }
        return next === memory && property.rename === undefined
          ? number
          : numberOf(renamed(property, next, naming));
      });
      return { memories, broken: found };
    },
  };
}
export type Watch = ReturnType<typeof createWatch>;
