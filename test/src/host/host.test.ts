import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { RepeatSafety } from "../../../guards/tool.ts";
import { type CallName, callNames } from "../../../machines/events.ts";
import { openMemoryStore } from "../../../src/store/index.ts";
import { fakeClock } from "../../helpers/fake-clock.ts";
import {
  eventsOf,
  failing,
  gate,
  type Perform,
  type Script,
  say,
  settle,
  stageHost,
  stores,
  turn,
} from "./stage.ts";

describe.each(stores)("a host over the %s store", (_name, open) => {
  it("moves a run from its start to its end", async () => {
    const stage = stageHost({ store: open() });
    stage.begin();
    await stage.reaches("succeeded");
    expect(stage.calls).toEqual(["act", "verify", "assess", "execute", "confirm", "act", "verify"]);
    expect(stage.store.effects("run")).toMatchObject([{ key: "run/1/0", status: "applied" }]);
    expect(eventsOf(stage.store).map(({ type }) => type)).toHaveLength(8);
  });

  it("tells of each row, in order, when it is in the store", async () => {
    const store = open();
    const told: [number, boolean][] = [];
    const onRow = (_id: string, { seq }: { seq: number }) =>
      void told.push([seq, store.run("run")!.length >= seq]);
    const stage = stageHost({ store, onRow });
    stage.begin();
    await stage.reaches("succeeded");
    expect(told).toEqual(store.journal("run").map(({ seq }) => [seq, true]));
  });
});

it("goes on when its store fails while nobody looks, and looks no more once it is closed", async () => {
  const store = openMemoryStore();
  let failed = 0;
  const directives = () => {
    failed += 1;
    throw new Error("locked");
  };
  const stage = stageHost({ store: { ...store, directives } });
  stage.begin();
  await stage.reaches("succeeded");
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(failed).toBeGreaterThan(0);
  await stage.host.close();
  const before = failed;
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(failed).toBe(before);
});

// Whatever happens, and in whatever order: replies good, bad and late, time, crashes that leave the old process running,
// pauses, words. What is promised of effects must hold at every dispatch, and the journal must fold to the snapshot.

type Move =
  | { do: "answer"; which: number; how: "well" | "unknown" | "badly" | "throw" }
  | { do: "wait"; ms: number }
  | { do: "crash" | "pause" }
  | { do: "say"; word: "directive.abort" | "directive.halt" | "directive.liftHalt" | "directive.resume" }
  | { do: "halt" | "lift" };

const move: fc.Arbitrary<Move> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant("answer" as const),
      which: fc.nat(3),
      how: fc.oneof(
        { weight: 6, arbitrary: fc.constant("well" as const) },
        { weight: 1, arbitrary: fc.constantFrom("unknown" as const, "badly" as const, "throw" as const) },
      ),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("wait" as const),
      ms: fc.constantFrom(1, 1_000, 60_000, 900_000),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom("crash" as const, "pause" as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant("say" as const),
      word: fc.constantFrom(
        "directive.abort" as const,
        "directive.halt" as const,
        "directive.liftHalt" as const,
        "directive.resume" as const,
      ),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom("halt" as const, "lift" as const) }) },
);

type Held = {
  name: CallName;
  input: never;
  context: never;
  open: (answer: unknown) => void;
  fail: (error: Error) => void;
};

const bad: Partial<Record<CallName, unknown>> = {
  execute: { outcome: "notApplied", ...failing() },
  observe: { outcome: "failed", ...failing() },
  reconcile: { found: "unknown", failure: failing().failure },
};
const unknown: Partial<Record<CallName, unknown>> = { execute: { outcome: "unknown", ...failing() } };

/** A run whose calls are answered when the test says so; each dispatch is checked against store and lease as it happens. */
function world(repeat: RepeatSafety) {
  const clock = fakeClock();
  const store = openMemoryStore();
  const well = stageHost().parts.performers;
  const held: Held[] = [];
  const sent: string[] = [];
  const rules = {
    tools: { send: { effect: "write" as const, repeat } },
    limits: { recoveries: 1_000, steps: 4, deadlineMs: 1e12, activeMs: 1e12 },
  };

  function check(owner: string, { key, attempt }: { key: string; attempt: number }): void {
    const effect = store.effect(key)!;
    const [last, ...earlier] = [...effect.attempts].reverse();
    expect(last).toMatchObject({ attempt, outcome: null });
    if (repeat === "never")
      expect(earlier.map(({ outcome }) => outcome)).toEqual(earlier.map(() => "notApplied"));
    expect(earlier.some(({ outcome }) => outcome === "applied")).toBe(false);
    expect(store.halted("staged")).toBeNull();
    const { epoch } = store.run("run")!;
    expect(store.holds({ runId: "run", owner, epoch, now: clock.now() })).toBe(true);
    sent.push(`${key} ${attempt}`);
  }

  const problems: unknown[] = [];
  const hold =
    (name: CallName, owner: string): Perform =>
    (input, context) => {
      try {
        if (name === "execute") check(owner, input);
      } catch (error) {
        problems.push(error);
      }
      const { promise, open, fail } = gate();
      held.push({ name, input, context: context as never, open, fail });
      return promise;
    };

  let lives = 0;
  const live = () => {
    lives += 1;
    const owner = `p${lives}`;
    const script: Script = Object.fromEntries(callNames.map((name) => [name, hold(name, owner)]));
    return stageHost({ store, clock, owner, rules, script });
  };
  let stage = live();
  const goOn = () => {
    stage = live();
    if (store.run("run")!.status !== "ended") stage.recover();
  };

  async function answer({ name, input, context, open, fail }: Held, how: string): Promise<void> {
    const wanted = name === "act" ? actOf(input) : await well[name](input, context);
    if (how === "throw") fail(new Error("broken"));
    else if (how === "badly") open(bad[name] ?? wanted);
    else open(how === "unknown" ? (unknown[name] ?? wanted) : wanted);
  }

  const moves: Record<Move["do"], (move: never) => unknown> = {
    answer({ which, how }: Extract<Move, { do: "answer" }>) {
      const [one] = held.splice(which % Math.max(1, held.length), 1);
      return one === undefined ? null : answer(one, how);
    },
    wait: ({ ms }: Extract<Move, { do: "wait" }>) => clock.advance(ms),
    crash() {
      stage.crash();
      goOn();
    },
    async pause() {
      const paused = stage.host.pause("run");
      await settle(10);
      clock.advance(60_000);
      await paused;
      goOn();
    },
    say: ({ word }: Extract<Move, { do: "say" }>) => {
      say(store, clock.now(), {
        type: word,
        reason: "r",
        ...(word === "directive.resume" ? resume : {}),
      } as never);
      stage.host.poll();
    },
    halt: () => store.halt("staged", "freeze", clock.now()),
    lift: () => store.liftHalt("staged"),
  };
  return {
    store,
    sent,
    problems,
    begin: () => stage.begin(),
    make: (one: Move) => moves[one.do](one as never),
    get fold() {
      return stage.parts.fold;
    },
  };
}

const resume = { say: null, raise: {}, reason: undefined };
const actOf = ({ step }: { step: number }) =>
  turn(step < 3 ? { tools: ["send", "send"], proposal: `p${step}` } : { claim: "done" });

it("keeps what is promised of effects, whatever happens and in whatever order", async () => {
  let dispatches = 0;
  const property = fc.asyncProperty(
    fc.constantFrom<RepeatSafety>("never", "safe", "reconcile"),
    fc.array(move, { minLength: 10, maxLength: 45 }),
    async (repeat, moves) => {
      const it = world(repeat);
      it.begin();
      for (const one of moves) {
        await it.make(one);
        await settle(8);
      }
      if (it.problems.length > 0) throw it.problems[0];
      expect(new Set(it.sent).size).toBe(it.sent.length);
      const [origin, ...events] = eventsOf(it.store);
      const first = it.fold.begin(origin as never).snapshot;
      const last = events.reduce((snapshot, event) => it.fold.step(snapshot, event).snapshot, first);
      expect(it.fold.write(last)).toBe(it.store.snapshot("run"));
      const times = it.store.journal("run").map(({ at }) => at);
      expect(times).toEqual([...times].sort((a, b) => a - b));
      dispatches += it.sent.length;
    },
  );
  await fc.assert(property, { numRuns: 60 });
  expect(dispatches).toBeGreaterThan(20);
});
