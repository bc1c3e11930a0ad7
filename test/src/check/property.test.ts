import { describe, expect, it } from "vitest";
import {
  callIn,
  eventIn,
  factsIn,
  isParked,
  isViolation,
  replyIn,
  requests,
  type Seen,
  violated,
} from "../../../src/check/property.ts";

const seen = (event: object, calls: Seen["calls"] = []): Seen => ({
  event: event as Seen["event"],
  found: [],
  from: "a",
  state: "b",
  calls,
  outcome: null,
  awaited: null,
  took: null,
  fault: null,
});

describe("what is seen of a run", () => {
  it("is the reply in an event, if it is one", () => {
    const verdict = seen({ type: "xstate.done.actor.verify", output: { result: "passed" } });
    expect(replyIn(verdict, "verify")).toEqual({ result: "passed" });
    expect([replyIn(verdict, "act"), factsIn(verdict)]).toEqual([null, null]);
    expect(factsIn(seen({ type: "xstate.done.actor.assess", output: { facts: { halted: true } } }))).toEqual({
      halted: true,
    });
  });

  it("is what the event led to", () => {
    const called = seen({ type: "any" }, [{ name: "execute", callId: "1", input: { key: "k" } }]);
    expect([requests(called, "act", "execute"), requests(called, "act")]).toEqual([true, false]);
    expect([callIn(called, "execute"), callIn(called, "act")]).toEqual([{ key: "k" }, null]);
  });

  it("is an event by its name", () => {
    expect(eventIn(seen({ type: "directive.halt" }), "directive.halt")).not.toBeNull();
    expect(eventIn(seen({ type: "directive.halt" }), "directive.abort")).toBeNull();
  });
});

it("tells violations from memories, and parks from other states", () => {
  expect([violated("x"), null, 1, { violate: 1 }].map(isViolation)).toEqual([true, false, false, false]);
  expect(["escalated", "effect.awaitingApproval", "acting"].map(isParked)).toEqual([true, true, false]);
});
