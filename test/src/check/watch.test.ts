import { expect, it } from "vitest";
import { LoopRules } from "../../../machines/rules.ts";
import { property, type Seen, violated } from "../../../src/check/property.ts";
import { createWatch } from "../../../src/check/watch.ts";

const naming = { key: (key: string) => `new ${key}`, attempt: (attempt: number) => attempt };
const seen = (type: string): Seen => ({
  event: { type },
  found: [],
  from: "a",
  state: "b",
  calls: [],
  outcome: null,
  awaited: null,
  took: null,
  fault: null,
});
const promise = { says: "…", clause: "…" };
const counted = property<number>({
  ...promise,
  name: "counted",
  begin: 0,
  see: (count) => (count === 2 ? violated("three") : count + 1),
});
const keyed = property<{ key: string } | null>({
  ...promise,
  name: "keyed",
  begin: null,
  see: (memory, { event }) => (event.type === "key" ? { key: "k" } : memory),
  rename: (memory, { key }) => memory && { key: key(memory.key) },
});

it("gives equal memories the same number, and looks no further at what was violated", () => {
  const watch = createWatch([counted, keyed], LoopRules.parse({}));
  const one = watch.look(watch.first, seen("any"), naming);
  expect(watch.look(watch.first, seen("any"), naming).memories).toEqual(one.memories);
  const two = watch.look(one.memories, seen("any"), naming);
  const three = watch.look(two.memories, seen("any"), naming);
  expect(three.broken).toEqual([{ property: counted, violated: "three" }]);
  expect(watch.look(three.memories, seen("any"), naming)).toEqual({ memories: three.memories, broken: [] });
});

it("calls keys in memories as they are called from then on", () => {
  const watch = createWatch([keyed], LoopRules.parse({}));
  const named = watch.look(watch.first, seen("key"), naming);
  const again = watch.look(named.memories, seen("any"), { ...naming, key: (key) => key });
  expect(again.memories).toEqual(named.memories);
  expect(watch.look(named.memories, seen("any"), naming).memories).not.toEqual(named.memories);
});
