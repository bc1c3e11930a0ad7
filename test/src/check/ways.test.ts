import { describe, expect, it } from "vitest";
import { callNames } from "../../../machines/events.ts";
import { searched } from "../../../src/check/check.ts";
import { createEvaluator } from "../../../src/check/evaluate.ts";
import { explore, type Place } from "../../../src/check/explore.ts";
import { beginning, waysFrom } from "../../../src/check/ways.ts";
import { references } from "../../helpers/checking.ts";

const { machine, world } = searched(references.safe!);
const chart = createEvaluator(machine);
const { places } = explore(chart, world, { properties: [], statesMax: 100_000, timeMaxMs: 60_000 });
const labels = (place: Place) => [...waysFrom(chart, world, place)].map(({ label }) => label());
const inState = (state: string): Place[] => places.filter((place) => place.state === state);

describe("ways on", () => {
  it("are each called something else, in every situation", () => {
    for (const place of places) {
      const told = labels(place);
      expect(told.filter((one, i) => told.indexOf(one) !== i)).toEqual([]);
    }
  });

  it("answer, break, time out, crash and abort every call", () => {
    for (const name of callNames.filter((one) => !["reconcile"].includes(one))) {
      const waiting = places.find(({ call }) => call === name)!;
      const types = new Set([...waysFrom(chart, world, waiting)].map(({ move }) => move.event.type));
      for (const type of [
        `xstate.done.actor.${name}`,
        `xstate.error.actor.${name}`,
        waiting.timer!,
        "host.recovered",
        "directive.abort",
      ])
        expect(types).toContain(type);
    }
  });

  it("let people answer, settle and resume where they are asked, and nowhere else", () => {
    const asks = /^a person (settles|resumes|denies|'s answer)/;
    expect(labels(inState("escalated")[0]!).some((label) => asks.test(label))).toBe(true);
    expect(labels(inState("acting")[0]!).some((label) => asks.test(label))).toBe(false);
  });

  it("look at what stands in the way of a turn only where one would start", () => {
    const starts = (place: Place) => labels(place).filter((label) => label.includes("steps are used up"));
    expect(starts(inState("acting")[0]!).length).toBeGreaterThan(0);
    expect(
      inState("effect.confirming")
        .slice(0, 1)
        .flatMap(labels)
        .filter((label) => /^the call|crash/.test(label))
        .filter((label) => label.includes("steps are used up")),
    ).toEqual([]);
  });

  it("end where nothing can happen any more", () => {
    const over = places.filter(({ ended, context }) => ended && context.outcome?.reason !== "limit");
    expect(over.length).toBeGreaterThan(0);
    for (const place of over) expect(labels(place)).toEqual([]);
  });

  it("become several where a look at them asks for what is still open", () => {
    const [place] = inState("effect.assessing") as [Place];
    const looked = [
      ...waysFrom(chart, world, place, ({ event }) => {
        const { output } = event as { output?: { facts?: { grants: readonly unknown[] } } };
        return output?.facts?.grants.length;
      }),
    ];
    expect(looked.length).toBeGreaterThan(labels(place).length);
  });

  it("begin with the call that the chart makes first", () => {
    const { situation, seen } = beginning(chart, world, () => undefined);
    expect(situation).toMatchObject({ state: "acting", call: "act", ended: false });
    expect(seen.event.type).toBe("run.started");
  });
});
