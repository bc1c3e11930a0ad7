import { describe, expect, it } from "vitest";
import { systemClock } from "../../../src/base/system-clock.ts";
import { fakeClock } from "../../helpers/fake-clock.ts";
import { endless, failing, gate, queued, settle, stageHost, turn, verdict } from "./stage.ts";

const minute = 60_000;
const day = 24 * 60 * minute;

describe("timers", () => {
  it("drops a timer that came due before its call was answered and begun anew", async () => {
    const clock = fakeClock();
    const first = gate();
    const stage = stageHost({
      clock,
      rules: { agent: { timeoutMs: minute } },
      script: { act: ({ callId }: { callId: string }) => (callId === "1" ? first.promise : endless()) },
    });
    stage.begin();
    first.open(turn());
    await queued();
    clock.advance(minute);
    await settle();
    expect(stage.events()).toEqual(["run.started", "xstate.done.actor.act"]);
    expect([stage.calls, stage.performed[1]?.signal.aborted]).toEqual([["act", "act"], false]);
  });

  it("gives a timer that fires a little early the time at which it was due", async () => {
    const clock = fakeClock();
    let early = 0;
    const stage = stageHost({
      clock: { ...clock, now: () => clock.now() - early },
      rules: { agent: { timeoutMs: minute } },
      script: { act: endless },
    });
    stage.begin();
    early = 1;
    clock.advance(minute);
    await stage.reaches("waiting");
    expect(stage.store.journal("run").at(-1)!.at).toBe(clock.now());
  });

  it.each([
    ["act", "waiting"],
    ["verify", "escalated"],
    ["assess", "escalated"],
    ["observe", "waiting"],
    ["execute", "escalated"],
    ["confirm", "escalated"],
  ] as const)("gives up a call to %s that takes too long, and aborts it", async (name, state) => {
    const clock = fakeClock();
    const read = name === "observe";
    const stage = stageHost({
      clock,
      rules: { tools: { send: read ? { effect: "read" } : { effect: "write" } } },
      script: { [name]: endless },
    });
    stage.begin();
    await settle();
    expect(stage.calls.at(-1)).toBe(name);
    const { signal } = stage.performed.at(-1)!;
    expect(signal.aborted).toBe(false);
    clock.advance(clock.waiting()[0]!);
    await stage.reaches(state);
    expect(signal.aborted).toBe(true);
    expect(stage.events().at(-1)).toMatch(/^xstate\.after\./);
  });

  it("gives up a call to reconcile that takes too long, and asks again", async () => {
    const clock = fakeClock();
    const stage = stageHost({
      clock,
      rules: { tools: { send: { effect: "write", repeat: "reconcile" } } },
      script: { execute: () => ({ outcome: "unknown", ...failing() }), reconcile: endless },
    });
    stage.begin();
    await stage.reaches("effect.reconciling");
    clock.advance(minute);
    await stage.reaches("effect.settling");
    expect(stage.performed.at(-1)?.signal.aborted).toBe(true);
    clock.advance(minute);
    await stage.reaches("effect.reconciling");
  });
});

it("does not fire a timer of more than 24 days at once, on the system's clock", async () => {
  const stage = stageHost({
    clock: systemClock,
    rules: { escalate: { parkTimeoutMs: 40 * day } },
    script: { verify: (input: Parameters<typeof verdict>[0]) => verdict(input, "unverifiable") },
  });
  stage.begin();
  await stage.reaches("escalated");
  const [timer] = stage.store.timers("run");
  expect(timer!.dueAt - systemClock.now()).toBeGreaterThan(39 * day);
  await new Promise((resolve) => setTimeout(resolve, 50));
  await settle();
  expect([stage.state(), stage.store.timers("run")]).toEqual(["escalated", [timer]]);
});

it("keeps in the store only the timer of the state that the run is in", async () => {
  const stage = stageHost({ script: { execute: endless } });
  stage.begin();
  await stage.reaches("effect.committing");
  expect(stage.store.timers("run").map(({ id }) => id)).toEqual([
    "xstate.after.untilDue.loop.effect.committing",
  ]);
  expect(stage.store.timers("run")[0]!.dueAt).toBe(stage.clock.now() + minute);
});
