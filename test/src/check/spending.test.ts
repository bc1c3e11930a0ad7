import { expect, it } from "vitest";
import { counters, spendingOf } from "../../../src/check/spending.ts";
import { memory } from "../../helpers/memory.ts";

const bit = (name: (typeof counters)[number]): number => 1 << counters.indexOf(name);

it("tells which counters rose and which fell", () => {
  const before = memory({ streak: { ...memory().streak, failures: 2 }, cursor: 1 });
  const after = memory({ spent: { ...memory().spent, steps: 1, questions: 1 }, cursor: 0 });
  expect(spendingOf(before, after)).toEqual({
    up: bit("steps") | bit("questions"),
    down: bit("failures") | bit("actions"),
  });
  expect(spendingOf(before, before)).toEqual({ up: 0, down: 0 });
});
