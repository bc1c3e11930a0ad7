import { describe, expect, it } from "vitest";
import { createActor, fromPromise, SimulatedClock } from "xstate";
import { callNames } from "../../machines/events.ts";
import { createLoopMachine } from "../../machines/loop.ts";
import { LoopRules } from "../../machines/rules.ts";
import { expectAt, start } from "./stories/tools.ts";

const machine = createLoopMachine(LoopRules.parse({ retry: { failuresInARow: 1, backoff: { baseMs: 1 } } }));
const input = { at: 0, runId: "run", baseTree: null, turn: null, carried: null };

describe("the vocabulary of the charts", () => {
  it("names an actor for every call", () => {
    expect(Object.keys(machine.implementations.actors).sort()).toEqual([...callNames].sort());
  });

  it("refuses to run without actors: nothing is dispatched by default", async () => {
    for (const name of callNames) {
      const logic = machine.implementations.actors[name] as Parameters<typeof createActor>[0];
      const actor = createActor(logic, { input: {} as never });
      const failed = new Promise((resolve) => actor.subscribe({ error: resolve }));
      actor.start();
      expect(String(await failed)).toContain(`no actor for "${name}"`);
    }
  });

  it("parks a run whose agent is missing, in an actor system of its own", async () => {
    const actor = createActor(machine, { input }).start();
    const parked = new Promise<void>((resolve) => {
      actor.subscribe((snapshot) => snapshot.value === "escalated" && resolve());
    });
    await parked;
    expect(actor.getSnapshot().context.escalation?.reason).toBe("retriesExhausted");
    actor.stop();
  });

  it("keeps time where timers carry none, in an actor system of its own", async () => {
    const clock = new SimulatedClock();
    let turns = 0;
    const act = fromPromise<never>(() => {
      turns += 1;
      return new Promise(() => {});
    });
    const rules = LoopRules.parse({ agent: { timeoutMs: 60_000 }, retry: { backoff: { baseMs: 10_000 } } });
    const actors = { act } as never;
    const actor = createActor(createLoopMachine(rules).provide({ actors }), { input, clock }).start();
    const state = () => String(actor.getSnapshot().value);
    expect(state()).toBe("acting");
    clock.increment(60_000);
    expect(state()).toBe("waiting");
    clock.increment(9_999);
    expect(state()).toBe("waiting");
    clock.increment(1);
    expect([state(), turns]).toEqual(["acting", 2]);
    clock.increment(59_999);
    expect(state()).toBe("acting");
    expect(actor.getSnapshot().context.spent.activeMs).toBe(60_000);
    actor.stop();
  });

  it("lets a timer come due when its state is due, and not before", () => {
    const run = start().failsToAct("unavailable");
    const [dueAt] = run.timers.values();
    expect(dueAt).toBeGreaterThan(run.now);
    expectAt(run.timesOut(), "acting");
    expect(run.now).toBe(dueAt);
  });
});
