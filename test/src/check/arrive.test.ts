import { describe, expect, it } from "vitest";
import { situationAfter, textOfSituation } from "../../../src/check/arrive.ts";
import type { Stepped } from "../../../src/check/evaluate.ts";
import { memory } from "../../helpers/memory.ts";

const stepped = (change: Partial<Stepped> = {}): Stepped => ({
  state: "acting",
  context: memory({ call: { id: "1", openedAt: 0 } }),
  ended: false,
  calls: [],
  timers: { set: [], clear: [] },
  taken: [],
  ...change,
});
const execute = { name: "execute" as const, callId: "1", input: { key: "run/1/0", attempt: 1 } };
const effect = {
  key: "run/1/0",
  tool: "put",
  attempts: 1,
  lastSentAt: 0,
  reconciliations: 0,
  grants: [],
  applied: false,
  knownApplied: false,
  result: null,
};
const dispatched = memory({
  spent: { ...memory().spent, steps: 1 },
  call: { id: "1", openedAt: 0 },
  effect,
  doubt: { key: "run/1/0", attempts: [1], at: 0 },
});

describe("where a step leads", () => {
  it("keeps the call and the timer that are not answered yet", () => {
    const first = stepped({
      calls: [{ name: "act", callId: "1", input: {} }],
      timers: { set: ["timer"], clear: [] },
    });
    const { situation } = situationAfter(null, first);
    expect(situation).toMatchObject({ call: "act", timer: "timer", sent: null });
    expect(situationAfter(situation, stepped()).situation).toMatchObject({ call: "act", timer: "timer" });
    const closed = stepped({ context: memory(), timers: { set: [], clear: ["timer"] } });
    expect(situationAfter(situation, closed).situation).toMatchObject({ call: null, timer: null });
  });

  it("remembers what was sent for as long as the run speaks of it", () => {
    const sent = situationAfter(
      null,
      stepped({ state: "effect.committing", context: dispatched, calls: [execute] }),
    );
    expect(sent.situation.sent).toEqual({ key: "run/1/0", attempt: 2 });
    const over = situationAfter(
      sent.situation,
      stepped({ context: { ...dispatched, effect: null, doubt: null } }),
    );
    expect(over.situation.sent).toBeNull();
  });

  it("tells situations apart by all that is left of them", () => {
    const { situation } = situationAfter(null, stepped());
    expect(textOfSituation({ ...situation })).toBe(textOfSituation(situation));
    for (const change of [
      { state: "waiting" },
      { call: "act" as const },
      { timer: "t" },
      { sent: { key: "k", attempt: 1 } },
    ])
      expect(textOfSituation({ ...situation, ...change })).not.toBe(textOfSituation(situation));
  });
});
