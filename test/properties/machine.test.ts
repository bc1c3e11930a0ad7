import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createCallMachine } from "../../machines/call.ts";
import { createLoopMachine } from "../../machines/loop.ts";
import { LoopRules } from "../../machines/rules.ts";
import { runsOf } from "../helpers/runs.ts";
import { sharedName, taken, transitionsOf } from "../helpers/tracing.ts";
import { contracts } from "./contracts.ts";
import { isOver, isParked, leaveAlone, loose, machines, play, rulesOf, tapes } from "./walk.ts";

/** Sequences of events for each property; the environment may ask for more. */
const runs = runsOf(70);

describe("the machines under any order of events", () => {
  it.each(Object.entries(rulesOf))("hold every monitor under rules %s", (_, rules) => {
    fc.assert(
      fc.property(tapes, machines, (numbers, machine) => {
        play(numbers, { rules, machine });
      }),
      { numRuns: runs },
    );
  });

  it("hold every monitor under any contract", () => {
    fc.assert(
      fc.property(tapes, machines, contracts, (numbers, machine, rules) => {
        play(numbers, { rules, machine });
      }),
      { numRuns: 3 * runs },
    );
  });

  it("end or park in bounded time once nobody speaks, and a parked run ends by itself", () => {
    // A few events a call, a few calls an action, a few actions a step, all of them limited: far below this.
    const enough = 3_000;
    fc.assert(
      fc.property(
        tapes,
        tapes,
        fc.constantFrom(...Object.values(rulesOf).filter((rules) => rules !== loose)),
        machines,
        (numbers, more, rules, machine) => {
          const { run, world } = play(numbers, { rules, machine });
          leaveAlone(run, world, more, enough);
          expect(isOver(run) || isParked(run)).toBe(true);
          for (let i = 0; i < 3 && !isOver(run); i++) run.timesOut();
          expect(isOver(run)).toBe(true);
          expect(run.reason === "goal" || run.reason === "answered" || run.state === "stopped").toBe(true);
        },
      ),
      { numRuns: runs },
    );
  });

  it("reach nearly all of the chart at random", () => {
    const rules = LoopRules.parse({});
    const all = [createLoopMachine(rules), createCallMachine(rules)].flatMap(transitionsOf).map(sharedName);
    const met = new Set([...taken].map(sharedName));
    const missed = [...new Set(all)].filter((name) => !met.has(name));
    expect(missed.length, missed.join("\n")).toBeLessThan(new Set(all).size / 6);
  });
});
