import fc from "fast-check";
import { expect, it } from "vitest";
import { LoopEvent } from "../../../../machines/events.ts";
import { arbitraries } from "../../../../src/testing/index.ts";
import { runsOf } from "../../../helpers/runs.ts";

const { events } = arbitraries(fc);

it("draws events that a machine takes, of every type", () => {
  const drawn = new Set<string>();
  fc.assert(
    fc.property(events, (event) => {
      drawn.add(LoopEvent.parse(event).type);
    }),
    { numRuns: runsOf(2_000) },
  );
  const types = LoopEvent.options.map((option) => option.shape.type.value);
  expect([...drawn].sort()).toEqual([...types].sort());
});
