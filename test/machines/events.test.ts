import { describe, expect, it } from "vitest";
import { callNames, Directive, JournalEvent, LoopEvent, Origin } from "../../machines/events.ts";
import { drive } from "../helpers/driving.ts";

const stamp = { at: 1, random: 0.5 };
const word = { ...stamp, by: "ann", signed: true };

describe("events", () => {
  it("take every kind of call's reply for a reply of that call only", () => {
    const run = drive().acts({ changed: true });
    const reply = run.journal[1] as unknown as { output: object };
    expect(LoopEvent.safeParse(reply).success).toBe(true);
    for (const name of callNames.filter((other) => other !== "act")) {
      expect(
        LoopEvent.safeParse({ type: `xstate.done.actor.${name}`, actorId: name, output: reply.output })
          .success,
      ).toBe(false);
    }
  });

  it("refuse an event without a time, from the future of numbers, or with anything unknown in it", () => {
    expect(JournalEvent.safeParse({ type: "host.recovered", random: 0.5 }).success).toBe(false);
    expect(JournalEvent.safeParse({ type: "host.recovered", at: -1, random: 0.5 }).success).toBe(false);
    expect(JournalEvent.safeParse({ type: "host.recovered", ...stamp, extra: 1 }).success).toBe(false);
    expect(JournalEvent.safeParse({ type: "host.recovered", ...stamp }).success).toBe(true);
  });

  it("let no person say what only a host can", () => {
    expect(Directive.safeParse({ type: "directive.abort", ...word, reason: "enough" }).success).toBe(true);
    expect(
      Directive.safeParse({
        type: "effect.lateOutcome",
        ...stamp,
        key: "k",
        attempt: 1,
        outcome: "applied",
        result: null,
      }).success,
    ).toBe(false);
    expect(Directive.safeParse({ type: "directive.abort", ...stamp, reason: "by nobody" }).success).toBe(
      false,
    );
  });

  it("never take a late unknown for an outcome", () => {
    const late = { type: "effect.lateOutcome", ...stamp, key: "k", attempt: 1, result: null };
    expect(LoopEvent.safeParse({ ...late, outcome: "notApplied" }).success).toBe(true);
    expect(LoopEvent.safeParse({ ...late, outcome: "unknown" }).success).toBe(false);
  });

  it("begin a journal with where the run started from", () => {
    expect(Origin.safeParse(drive().journal[0]).success).toBe(true);
  });
});
