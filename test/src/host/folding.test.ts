import { describe, expect, it } from "vitest";
import type { Fold } from "../../../src/host/fold.ts";
import { fakeClock } from "../../helpers/fake-clock.ts";
import { applied, endless, eventsOf, failing, gate, say, settle, stageHost, turn } from "./stage.ts";

const minute = 60_000;
const timedOut = "xstate.after.untilDue.loop.effect.committing";

/** A run whose dispatch was given up before it answered. */
async function givenUp(abort = false) {
  const clock = fakeClock();
  const sent = gate();
  const stage = stageHost({ clock, script: { execute: () => sent.promise } });
  stage.begin();
  await stage.reaches("effect.committing");
  if (abort) {
    say(stage.store, clock.now(), { type: "directive.abort", reason: "enough" });
    stage.host.poll();
    await settle();
  }
  clock.advance(minute);
  await stage.reaches(abort ? "stopped" : "escalated");
  return { stage, sent };
}

describe("late replies", () => {
  it("folds the outcome of a dispatch that was given up as a late outcome", async () => {
    const { stage, sent } = await givenUp();
    expect(stage.events().at(-1)).toBe(timedOut);
    expect(stage.store.effects("run")).toMatchObject([
      { attempts: [{ outcome: "unknown", source: "timeout" }] },
    ]);
    sent.open(applied);
    await settle();
    expect(eventsOf(stage.store).at(-1)).toMatchObject({
      type: "effect.lateOutcome",
      key: "run/1/0",
      attempt: 1,
      outcome: "applied",
      result: "done",
    });
    expect(stage.store.effects("run")).toMatchObject([
      { status: "applied", result: '"done"', attempts: [{ outcome: "applied", source: "late" }] },
    ]);
    expect([stage.snapshot().context.doubt, stage.state()]).toEqual([null, "escalated"]);
  });

  it("folds a late refusal too", async () => {
    const { stage, sent } = await givenUp();
    sent.open({ outcome: "notApplied", ...failing() });
    await settle();
    expect(eventsOf(stage.store).at(-1)).toMatchObject({
      type: "effect.lateOutcome",
      outcome: "notApplied",
      result: null,
    });
    expect(stage.store.effects("run")).toMatchObject([{ status: "notApplied" }]);
  });

  it("folds nothing of a late reply that knows nothing", async () => {
    const { stage, sent } = await givenUp();
    const before = stage.events();
    sent.fail(new Error("cut off"));
    await settle();
    expect(stage.events()).toEqual(before);
    expect(stage.store.effects("run")).toMatchObject([{ status: "inDoubt" }]);
  });

  it("takes an outcome to the ledger after the run has ended, and then lets go of it", async () => {
    const { stage, sent } = await givenUp(true);
    const { outcome } = stage.store.run("run")!;
    expect(stage.host.holds("run")).toBe(true);
    sent.open(applied);
    await settle();
    expect(stage.events().at(-1)).toBe("effect.lateOutcome");
    expect(stage.store.effects("run")).toMatchObject([{ status: "applied" }]);
    expect(stage.store.run("run")).toMatchObject({ status: "ended", state: "stopped", outcome });
    expect(stage.host.holds("run")).toBe(false);
  });

  it("folds nothing of a turn that was given up", async () => {
    const clock = fakeClock();
    const first = gate();
    const stage = stageHost({
      clock,
      rules: { agent: { timeoutMs: minute } },
      script: { act: ({ callId }: { callId: string }) => (callId === "1" ? first.promise : endless()) },
    });
    stage.begin();
    clock.advance(minute);
    await stage.reaches("waiting");
    const before = stage.events();
    first.open(turn({ tools: ["send"] }));
    await settle();
    expect([stage.events(), stage.state()]).toEqual([before, "waiting"]);
  });

  it("folds nothing of a read that was given up", async () => {
    const clock = fakeClock();
    const read = gate();
    const rules = { tools: { send: { effect: "read" as const } } };
    const stage = stageHost({ clock, rules, script: { observe: () => read.promise } });
    stage.begin();
    await stage.reaches("effect.observing");
    clock.advance(minute);
    await stage.reaches("waiting");
    const before = stage.events();
    read.open({ outcome: "observed", result: "seen", resultDigest: "seen" });
    await settle();
    expect(stage.events()).toEqual(before);
  });

  it("leaves an ended run as it ended when a call that was cancelled breaks", async () => {
    const clock = fakeClock();
    const assess = (_input: never, { signal }: { signal: AbortSignal }) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener("abort", () => reject(new Error("killed")));
      });
    const stage = stageHost({ clock, script: { assess } });
    stage.begin();
    await stage.reaches("effect.assessing");
    say(stage.store, clock.now(), { type: "directive.abort", reason: "enough" });
    stage.host.poll();
    await stage.reaches("stopped");
    const { outcome } = stage.store.run("run")!;
    await settle();
    expect(stage.events().at(-1)).toBe("directive.abort");
    expect(stage.store.run("run")).toMatchObject({ status: "ended", state: "stopped", outcome });
    expect(stage.host.holds("run")).toBe(false);
  });

  it("leaves an ended run as it ended whatever a person says, and takes the word in", async () => {
    const clock = fakeClock();
    const last = gate();
    const stage = stageHost({ clock, script: { act: () => last.promise } });
    stage.begin();
    await stage.reaches("acting");
    say(stage.store, clock.now(), { type: "directive.abort", reason: "enough" });
    stage.host.poll();
    await stage.reaches("stopped");
    const { outcome } = stage.store.run("run")!;
    say(stage.store, clock.now() + 1, { type: "directive.abort", reason: "again" });
    stage.host.poll();
    await settle();
    expect(stage.store.run("run")).toMatchObject({ status: "ended", state: "stopped", outcome });
    expect(stage.store.directives(["run"])).toEqual([]);
    last.open(turn());
    await settle();
    expect(stage.host.holds("run")).toBe(false);
  });
});

describe("time", () => {
  it("never goes back in the journal, whatever the clock does", async () => {
    const clock = fakeClock(5_000_000);
    const act = ({ step }: { step: number }) => {
      clock.set(step * 1_000);
      return turn(step === 1 ? { tools: ["send"] } : { claim: "done" });
    };
    const stage = stageHost({ clock, script: { act } });
    stage.begin();
    await stage.reaches("succeeded");
    const rows = stage.store.journal("run");
    expect(rows.map(({ at }) => at)).toEqual(rows.map(() => 5_000_000));
    expect(eventsOf(stage.store).map(({ at, output }) => output?.at ?? at)).toEqual(rows.map(({ at }) => at));
  });
});

/** A fold that throws this on that event. */
const throwing =
  (thrown: unknown, on: (type: string) => boolean) =>
  (fold: Fold): Fold => ({
    ...fold,
    step(snapshot, event) {
      if (on(event.type)) throw thrown;
      return fold.step(snapshot, event);
    },
  });

describe("a fold that throws", () => {
  const onVerdict = (type: string) => type === "xstate.done.actor.verify";

  it("parks the run, with what was thrown", async () => {
    const stage = stageHost({ fold: throwing(new Error("no such state"), onVerdict) });
    stage.begin();
    await stage.reaches("escalated");
    expect(eventsOf(stage.store).at(-1)).toMatchObject({
      type: "host.failed",
      message: "xstate.done.actor.verify: no such state",
    });
    expect(stage.snapshot().context.escalation).toMatchObject({ reason: "internal" });
  });

  it.each([
    ["without text", Object.create(null)],
    ["of a million characters", new Error("x".repeat(1_000_000))],
  ])("parks the run when it throws something %s", async (_what, thrown) => {
    const stage = stageHost({ fold: throwing(thrown, onVerdict) });
    stage.begin();
    await stage.reaches("escalated");
    expect(stage.store.journal("run").at(-1)!.event.length).toBeLessThan(10_000);
  });

  it("leaves a dispatch in doubt when its outcome cannot be folded", async () => {
    const stage = stageHost({ fold: throwing(new Error("no"), (type) => type.endsWith(".execute")) });
    stage.begin();
    await stage.reaches("escalated");
    expect(stage.store.effects("run")).toMatchObject([
      { status: "inDoubt", attempts: [{ outcome: "unknown" }] },
    ]);
    expect(stage.snapshot().context.doubt).toMatchObject({ key: "run/1/0" });
  });

  it("lets go of a run that cannot even be parked, and of no other", async () => {
    const broken = new Error("no such state");
    let failed = 0;
    const stage = stageHost({
      fold: throwing(broken, (type) => (type === "host.failed" || onVerdict(type)) && ++failed <= 2),
    });
    stage.begin("a");
    stage.begin("b");
    await stage.reaches("succeeded", "b");
    expect(stage.released).toEqual([{ runId: "a", why: "interrupted", error: broken }]);
    expect([stage.state("a"), stage.host.holds("a")]).toEqual(["verifying", false]);
  });
});
