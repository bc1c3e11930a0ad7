import { describe, expect, it } from "vitest";
import { createCallMachine } from "../../../machines/call.ts";
import { createLoopMachine } from "../../../machines/loop.ts";
import { createFold, isDispatching, type Snapshot, stateName } from "../../../src/host/fold.ts";
import { turnOf } from "../../helpers/driving.ts";
import { eventsOf, originOf, recordOf, rulesOf, stageHost, turn } from "./stage.ts";

const fold = createFold(createLoopMachine(rulesOf()));
const begun = () => fold.begin(originOf(recordOf("run", 1_000)));
const reply = (name: string, output: object, callId = "1", at = 2_000) => ({
  type: `xstate.done.actor.${name}`,
  output: { at, random: 0.5, callId, ...output },
  actorId: name,
});
const acted = (from: Snapshot = begun().snapshot) => fold.step(from, reply("act", turn({ tools: ["send"] })));
const aborted = (reason: string) => ({
  type: "directive.abort",
  at: 3_000,
  random: 0,
  by: "ann",
  signed: false,
  reason,
});

describe("a fold", () => {
  it("says which call to perform, with its id, and which timer to set", () => {
    const { calls, timers, snapshot } = begun();
    expect(calls).toMatchObject([{ name: "act", callId: "1", input: { callId: "1", step: 1 } }]);
    expect(timers.set).toEqual([
      {
        id: "xstate.after.untilDue.loop.acting",
        delayMs: 15 * 60_000,
        event: { type: "xstate.after.untilDue.loop.acting" },
      },
    ]);
    expect([stateName(snapshot.value), snapshot.children]).toEqual(["acting", {}]);
  });

  it("clears the timer of the state that is left", () => {
    const { timers, calls } = acted();
    expect(timers.clear).toContain("xstate.after.untilDue.loop.acting");
    expect(timers.set).toHaveLength(1);
    expect(calls.map(({ name }) => name)).toEqual(["verify"]);
  });

  it("sets the timer anew of a state that is entered again", () => {
    const { timers, calls } = fold.step(begun().snapshot, reply("act", turn()));
    const id = "xstate.after.untilDue.loop.acting";
    expect([timers.clear, timers.set.map((timer) => timer.id)]).toEqual([[id], [id]]);
    expect(calls.map(({ callId }) => callId)).toEqual(["2"]);
  });

  it("changes nothing that it was given", () => {
    const { snapshot } = begun();
    const before = fold.write(snapshot);
    acted(snapshot);
    expect(fold.write(snapshot)).toBe(before);
  });

  it("asks for nothing where an event means nothing", () => {
    const { snapshot } = begun();
    const next = fold.step(snapshot, { type: "directive.liftHalt" });
    expect([next.calls, next.timers, fold.write(next.snapshot)]).toEqual([
      [],
      { set: [], clear: [] },
      fold.write(snapshot),
    ]);
  });

  it("is the same from the written snapshot, and the same again", () => {
    const direct = acted();
    const reread = acted(fold.read(fold.write(begun().snapshot)));
    const other = createFold(createLoopMachine(rulesOf()));
    const elsewhere = other.step(
      other.read(fold.write(begun().snapshot)),
      reply("act", turn({ tools: ["send"] })),
    );
    for (const { snapshot, calls, timers } of [reread, elsewhere])
      expect([fold.write(snapshot), calls, timers]).toEqual([
        fold.write(direct.snapshot),
        direct.calls,
        direct.timers,
      ]);
  });

  it("makes of a journal the snapshot that the store has, byte for byte", async () => {
    const stage = stageHost();
    stage.begin();
    await stage.reaches("succeeded");
    const [origin, ...events] = eventsOf(stage.store);
    const first = fold.begin(origin as never).snapshot;
    const last = events.reduce((snapshot, event) => fold.step(snapshot, event).snapshot, first);
    expect(fold.write(last)).toBe(stage.store.snapshot("run"));
  });

  it("is not confused by a fold before it that threw", () => {
    const broken = { ...begun().snapshot, value: "nowhere" } as unknown as Snapshot;
    expect(() => fold.step(broken, reply("act", turn()))).toThrow();
    expect(acted().calls.map(({ name }) => name)).toEqual(["verify"]);
  });

  it("refuses a snapshot of a state that the chart does not have", () => {
    const text = fold.write(begun().snapshot).replace('"acting"', '"nowhere"');
    expect(() => fold.read(text)).toThrow("nowhere");
  });
});

describe("an ended run", () => {
  const ended = () => fold.step(begun().snapshot, aborted("enough")).snapshot;

  it("stays as it ended, whatever comes", () => {
    const last = ended();
    expect([last.status, stateName(last.value)]).toEqual(["done", "stopped"]);
    for (const event of [
      aborted("again"),
      { type: "host.failed", at: 4_000, random: 0, message: "m" },
      reply("act", turn()),
    ]) {
      const next = fold.step(last, event);
      expect([next.snapshot, next.calls, next.timers]).toEqual([last, [], { set: [], clear: [] }]);
    }
  });

  it("still hears what became of an effect", () => {
    const effect = {
      key: "run/1/0",
      tool: "send",
      attempts: 1,
      lastSentAt: 1,
      reconciliations: 0,
      grants: [],
      applied: false,
      knownApplied: false,
      result: null,
    };
    const { value, status, context } = ended();
    const doubt = { key: "run/1/0", attempts: [1], at: 1 };
    const last = fold.read(JSON.stringify({ value, status, context: { ...context, effect, doubt } }));
    const about = { key: "run/1/0", attempt: 1, outcome: "applied", result: "done" };
    const next = fold.step(last, { type: "effect.lateOutcome", at: 9_000, random: 0, ...about } as never);
    expect(next.snapshot.context.doubt).toBeNull();
    expect([next.snapshot.status, stateName(next.snapshot.value), next.calls]).toEqual([
      "done",
      "stopped",
      [],
    ]);
  });
});

describe("the machine for one call", () => {
  it("folds in the same way", () => {
    const call = createFold(createCallMachine(rulesOf()));
    const origin = originOf(recordOf("run", 1_000));
    const input = { ...origin.input, turn: turnOf({ tools: ["send"] }) };
    expect(call.begin({ ...origin, input }).calls.map(({ name }) => name)).toEqual(["verify"]);
  });
});

describe("a state", () => {
  it("is named by its path", () => {
    expect([stateName("acting"), stateName({ effect: "committing" }), stateName({ a: { b: "c" } })]).toEqual([
      "acting",
      "effect.committing",
      "a.b.c",
    ]);
  });

  it("dispatches only where an outcome is awaited", () => {
    expect(
      [{ effect: "committing" }, { effect: "inDoubt" }, "acting"].map((value) => isDispatching({ value })),
    ).toEqual([true, false, false]);
  });
});
