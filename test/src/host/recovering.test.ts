import { describe, expect, it } from "vitest";
import type { RepeatSafety } from "../../../guards/tool.ts";
import type { CallName } from "../../../machines/events.ts";
import type { Store } from "../../../src/ports/store.ts";
import { fakeClock } from "../../helpers/fake-clock.ts";
import {
  applied,
  endless,
  eventsOf,
  facts,
  failing,
  type Script,
  type StageOptions,
  say,
  settle,
  stageHost,
  stores,
  turn,
  verdict,
} from "./stage.ts";

const hour = 60 * 60_000;
const day = 24 * hour;

type Story = Pick<StageOptions, "rules" | "callMs"> & { store: Store; before: Script; after?: Script };

/** A run that one process left in this state, and another that goes on with it later. */
async function crashedIn(state: string, { store, rules = {}, before, after = {}, ...how }: Story) {
  const clock = fakeClock();
  const dead = stageHost({ store, clock, owner: "dead", rules, script: before });
  dead.begin();
  await dead.reaches(state);
  await settle();
  dead.crash();
  const start = clock.now();
  const stage = stageHost({ store, clock, owner: "living", rules, script: after, ...how });
  return {
    stage,
    dead,
    clock,
    start,
    /** Goes on so many milliseconds after the crash. */
    async goOn(ms: number) {
      clock.set(start + ms);
      stage.recover();
      await settle();
      // Where calls take their time, so many of them may follow each other.
      for (let calls = 0; how.callMs !== undefined && calls < 12; calls += 1) {
        clock.advance(how.callMs);
        await settle(12);
      }
    },
  };
}

const unverifiable = (input: Parameters<typeof verdict>[0]) => verdict(input, "unverifiable");
const resume = { type: "directive.resume", say: "go on", raise: {} } as const;
const grantedBy = (expiresAt: number) => ({
  id: "g",
  effectKey: "run/1/0",
  actionDigest: "send(a)",
  approver: "ann",
  issuedAt: 0,
  expiresAt,
  usedBy: null,
  revoked: false,
});

describe.each(stores)("recovering from the %s store", (_name, open) => {
  const parked = { escalate: { parkTimeoutMs: 3 * hour } };

  it("lets a resume given at two beat a time-out of three, found at nine", async () => {
    const store = open();
    const { stage, start, goOn } = await crashedIn("escalated", {
      store,
      rules: parked,
      before: { verify: unverifiable },
      callMs: 1_000,
    });
    say(store, start + 2 * hour, resume);
    await goOn(9 * hour);
    expect(stage.state()).toBe("succeeded");
    expect(stage.events().slice(3, 6)).toEqual([
      "host.recovered",
      "directive.resume",
      "xstate.done.actor.act",
    ]);
    expect(stage.events().filter((type) => type.startsWith("xstate.after."))).toEqual([]);
  });

  it("lets a time-out of three beat a resume given at four", async () => {
    const store = open();
    const { stage, start, goOn } = await crashedIn("escalated", {
      store,
      rules: parked,
      before: { verify: unverifiable },
    });
    say(store, start + 4 * hour, resume);
    await goOn(9 * hour);
    expect(store.run("run")).toMatchObject({ state: "stopped", outcome: { reason: "parkTimeout" } });
    expect([stage.calls, stage.host.holds("run"), store.directives(["run"])]).toEqual([[], false, []]);
  });

  it("lets a grant given at two beat a time-out of three, and dispatches what was granted", async () => {
    const store = open();
    const rules = {
      tools: { send: { effect: "destructive" as const } },
      approvals: { approvers: ["ann"], timeoutMs: 3 * hour },
    };
    const { stage, start, goOn } = await crashedIn("effect.awaitingApproval", {
      store,
      rules,
      before: {},
      after: { assess: () => facts({ grants: [grantedBy(9e12)] }) },
      callMs: 1_000,
    });
    const { effectKey, actionDigest } = grantedBy(0);
    store.putGrant({ ...grantedBy(9e12), token: "t", voidedAt: null });
    say(store, start + 2 * hour, {
      type: "approval.granted",
      effectKey,
      actionDigest,
      grants: [grantedBy(9e12)],
    });
    await goOn(9 * hour);
    expect(stage.calls.filter((name) => name === "execute")).toHaveLength(1);
    expect(stage.state()).toBe("succeeded");
  });

  it("takes words in the order in which they were said", async () => {
    const store = open();
    const { stage, start, goOn } = await crashedIn("escalated", { store, before: { verify: unverifiable } });
    say(store, start + 1, { type: "directive.halt", reason: "freeze" });
    say(store, start + 2, { type: "directive.liftHalt" });
    say(store, start + 3, { type: "directive.abort", reason: "enough" });
    await goOn(hour);
    expect(stage.events().slice(-4)).toEqual([
      "host.recovered",
      "directive.halt",
      "directive.liftHalt",
      "directive.abort",
    ]);
    expect(stage.state()).toBe("stopped");
  });

  it("never lets time go back, and folds each word once", async () => {
    const store = open();
    const { stage, start, goOn } = await crashedIn("escalated", { store, before: { verify: unverifiable } });
    say(store, start + hour, { type: "directive.halt", reason: "freeze" });
    await goOn(9 * hour);
    stage.host.poll();
    await settle();
    const times = store.journal("run").map(({ at }) => at);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(stage.events().filter((type) => type === "directive.halt")).toHaveLength(1);
  });

  it("goes past a word that is none", async () => {
    const store = open();
    const { stage, start, goOn } = await crashedIn("escalated", { store, before: { verify: unverifiable } });
    store.post({ runId: "run", at: start, event: "{" });
    store.post({ runId: "run", at: start, event: '{"type":"run.started"}' });
    say(store, start + 1, { type: "directive.abort", reason: "enough" });
    await goOn(hour);
    expect(stage.state()).toBe("stopped");
  });

  it.each<[CallName, string, boolean]>([
    ["act", "acting", false],
    ["verify", "verifying", false],
    ["assess", "effect.assessing", false],
    ["observe", "effect.observing", true],
    ["confirm", "effect.confirming", false],
  ])("begins a lost call to %s anew, however long ago its time-out was", async (name, state, reads) => {
    const store = open();
    const { stage, goOn } = await crashedIn(state, {
      store,
      rules: { tools: { send: reads ? { effect: "read" } : { effect: "write" } } },
      before: { [name]: endless },
      callMs: 1_000,
    });
    await goOn(2 * hour);
    expect(stage.state()).toBe("succeeded");
    expect(stage.calls).toContain(name);
    expect(stage.events().filter((type) => type.startsWith("xstate.after."))).toEqual([]);
    expect(stage.snapshot().context.spent.recoveries).toBe(1);
  });

  it("begins the next turn in full after a backoff that ended long ago", async () => {
    const store = open();
    const { stage, goOn } = await crashedIn("waiting", {
      store,
      before: { act: () => ({ kind: "failed", ...failing(), usage: null, transcript: null }) },
      callMs: 1_000,
    });
    await goOn(2 * hour);
    expect(stage.state()).toBe("succeeded");
    expect(stage.events().filter((type) => type.startsWith("xstate.after."))).toHaveLength(1);
  });

  const sending = (repeat: RepeatSafety) => ({ tools: { send: { effect: "write" as const, repeat } } });

  it("leaves a lost dispatch that may not be repeated to a person", async () => {
    const store = open();
    const story = { store, rules: sending("never"), before: { execute: endless } };
    const { stage, goOn } = await crashedIn("effect.committing", story);
    await goOn(1_000);
    expect([stage.state(), stage.calls]).toEqual(["escalated", []]);
    expect(stage.snapshot().context.escalation).toMatchObject({ reason: "unknownOutcome" });
    expect(store.effects("run")).toMatchObject([
      { status: "inDoubt", attempts: [{ attempt: 1, outcome: "unknown", source: "recovery" }] },
    ]);
  });

  it("sends a lost dispatch that may be repeated once more, under the same key", async () => {
    const store = open();
    const story = { store, rules: sending("safe"), before: { execute: endless } };
    const { stage, dead, clock, goOn } = await crashedIn("effect.committing", story);
    await goOn(1_000);
    expect(stage.state()).toBe("waiting");
    clock.advance(60_000);
    await stage.reaches("succeeded");
    const sent = [...dead.performed, ...stage.performed].filter(({ name }) => name === "execute");
    expect(sent.map(({ input: { key, attempt } }) => [key, attempt])).toEqual([
      ["run/1/0", 1],
      ["run/1/0", 2],
    ]);
    expect(store.effects("run")).toMatchObject([
      { status: "applied", attempts: [{ outcome: "unknown" }, { outcome: "applied", source: "tool" }] },
    ]);
  });

  it("asks the tool what became of a lost dispatch, and sends nothing when it was applied", async () => {
    const store = open();
    const { stage, goOn } = await crashedIn("effect.committing", {
      store,
      rules: sending("reconcile"),
      before: { execute: endless },
      after: { reconcile: () => ({ found: "applied", result: "done", resultDigest: "done" }) },
    });
    await goOn(1_000);
    expect([stage.state(), stage.calls.includes("execute")]).toEqual(["succeeded", false]);
    expect(store.effects("run")).toMatchObject([
      { status: "applied", attempts: [{ outcome: "applied", source: "reconciliation" }] },
    ]);
  });

  it("believes that a lost dispatch never arrived only after the settling time", async () => {
    const store = open();
    const story = { store, rules: sending("reconcile"), before: { execute: endless } };
    const { stage, clock, goOn } = await crashedIn("effect.committing", story);
    await goOn(1_000);
    expect(stage.state()).toBe("effect.settling");
    clock.advance(60_000);
    await stage.reaches("waiting");
    expect(stage.calls).toEqual(["reconcile", "reconcile"]);
    clock.advance(1_000);
    await stage.reaches("succeeded");
    expect(store.effects("run")).toMatchObject([
      {
        attempts: [
          { attempt: 1, outcome: "notApplied", source: "reconciliation" },
          { attempt: 2, outcome: "applied" },
        ],
      },
    ]);
  });

  it("keeps a timer of more than 24 days until it is due", async () => {
    const store = open();
    const rules = { escalate: { parkTimeoutMs: 40 * day } };
    const { stage, clock, goOn } = await crashedIn("escalated", {
      store,
      rules,
      before: { verify: unverifiable },
    });
    await goOn(30 * day);
    expect(stage.state()).toBe("escalated");
    // That of the dead host and that of the living one.
    expect(clock.waiting()).toEqual([10 * day, 10 * day]);
    clock.advance(10 * day - 1);
    await settle();
    expect(stage.state()).toBe("escalated");
    clock.advance(1);
    await stage.reaches("stopped");
  });

  it("lets go of a run that cannot be read", async () => {
    const store = open();
    const { stage, clock } = await crashedIn("escalated", { store, before: { verify: unverifiable } });
    const failing = { ...stage.parts, fold: { ...stage.parts.fold, read: () => JSON.parse("{") } };
    expect(() => stage.host.recover(store.run("run")!, 2, failing)).toThrow(SyntaxError);
    expect([stage.host.holds("run"), clock.now()]).toEqual([false, clock.now()]);
  });

  it("is not held when the inbox cannot be read", async () => {
    const store = open();
    const { dead } = await crashedIn("escalated", { store, before: { verify: unverifiable } });
    const broken: Store = {
      ...store,
      directives: () => {
        throw new Error("locked");
      },
    };
    const stage = stageHost({ store: broken, owner: "other" });
    expect(() => stage.recover()).toThrow("locked");
    expect([stage.host.holds("run"), dead.state()]).toEqual([false, "escalated"]);
  });
});

it("ends in the same way however often it crashes", async () => {
  const store = stores[0]![1]();
  const clock = fakeClock();
  const sent: string[] = [];
  const script: Script = {
    act: ({ step }: { step: number }) => turn(step === 1 ? { tools: ["send", "send"] } : { claim: "done" }),
    execute: ({ key }: { key: string }) => {
      sent.push(key);
      return applied;
    },
  };
  const rules = { tools: { send: { effect: "write" as const } }, limits: { recoveries: 50 } };
  const first = stageHost({ store, clock, owner: "p0", rules, script });
  first.begin();
  let alive = first;
  for (let life = 1; store.run("run")!.status !== "ended" && life < 60; life += 1) {
    // Each process lives a little longer than the one before it, and dies between two folds.
    await settle(1 + (life % 7));
    if (store.run("run")!.state === "effect.committing") continue;
    alive.crash();
    clock.advance(10);
    alive = stageHost({ store, clock, owner: `p${life}`, rules, script });
    if (store.run("run")!.status !== "ended") alive.recover();
  }
  expect(store.run("run")).toMatchObject({ status: "ended", state: "succeeded" });
  expect(sent).toEqual(["run/1/0", "run/1/1"]);
  expect(eventsOf(store).filter(({ type }) => type === "host.recovered").length).toBeGreaterThan(2);
});
