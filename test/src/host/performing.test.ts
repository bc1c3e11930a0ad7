import { describe, expect, it } from "vitest";
import type { CallName } from "../../../machines/events.ts";
import { type Snapshot, stateName } from "../../../src/host/fold.ts";
import type { JournalRow } from "../../../src/ports/store.ts";
import { openMemoryStore } from "../../../src/store/index.ts";
import { fakeClock } from "../../helpers/fake-clock.ts";
import { applied, endless, failingOnce, settle, stageHost, stores } from "./stage.ts";

/** Does this when the commit that enters `effect.committing` has been written and nothing is performed yet. */
const onIntent = (work: () => void) => (_runId: string, _row: JournalRow, snapshot: Snapshot) => {
  if (stateName(snapshot.value) === "effect.committing") work();
};

describe.each(stores)("performing over the %s store", (_name, open) => {
  it("performs each call only after the fold that asked for it is in the store", async () => {
    const store = open();
    const seen: [string, unknown][] = [];
    const look =
      (name: CallName, answer?: unknown) =>
      ({ callId, key }: { callId: string; key?: string }) => {
        const awaited = stage.snapshot().context.call?.id;
        const attempts = key === undefined ? [] : (store.effect(key)?.attempts ?? []);
        seen.push([name, [awaited === callId, attempts.map(({ attempt, outcome }) => [attempt, outcome])]]);
        return answer ?? endless();
      };
    const stage = stageHost({
      store,
      script: { execute: look("execute", applied), confirm: look("confirm") },
    });
    stage.begin();
    await stage.reaches("effect.confirming");
    await settle();
    expect(seen).toEqual([
      ["execute", [true, [[1, null]]]],
      ["confirm", [true, [[1, "applied"]]]],
    ]);
  });

  it("finds the intent with everything that was decided, before anything is sent", async () => {
    const store = open();
    const seen: unknown[] = [];
    const execute = () => {
      seen.push(store.effects("run"), store.journal("run").at(-1)?.event);
      return endless();
    };
    const stage = stageHost({
      store,
      script: { execute },
      businessKeyOf: ({ action }) => `k:${action.digest}`,
    });
    stage.begin();
    await stage.reaches("effect.committing");
    await settle();
    expect(seen[0]).toMatchObject([
      {
        key: "run/1/0",
        loop: "staged",
        step: 1,
        index: 0,
        tool: "send",
        input: '"a"',
        actionDigest: "send(a)",
        tree: "T1",
        businessKey: "k:send(a)",
        status: "inDoubt",
      },
    ]);
    expect(seen[1]).toContain("xstate.done.actor.assess");
  });

  it("dispatches nothing when the lease was taken after the commit", async () => {
    const store = open();
    const clock = fakeClock();
    const onRow = onIntent(() => {
      store.release({ runId: "run", owner: "host", epoch: 1 });
      store.acquire({ runId: "run", owner: "other", now: clock.now(), ttlMs: 15_000 });
    });
    const stage = stageHost({ store, clock, onRow });
    stage.begin();
    await settle();
    expect([stage.calls.includes("execute"), stage.released]).toEqual([
      false,
      [{ runId: "run", why: "lost" }],
    ]);
    expect(store.effects("run")).toMatchObject([{ attempts: [{ attempt: 1, outcome: null }] }]);
  });

  it("dispatches nothing when the lease has run out, though nobody took it", async () => {
    const clock = fakeClock();
    const onRow = onIntent(() => clock.set(clock.now() + 15_000));
    const stage = stageHost({ store: open(), clock, leaseMs: 15_000, onRow });
    stage.begin();
    await settle();
    expect([stage.calls.includes("execute"), stage.released]).toEqual([
      false,
      [{ runId: "run", why: "lost" }],
    ]);
  });

  it("does not dispatch under a halt that came after the commit: not applied", async () => {
    const store = open();
    const stage = stageHost({ store, onRow: onIntent(() => store.halt(null, "freeze", 0)) });
    stage.begin();
    await settle();
    expect(stage.calls.includes("execute")).toBe(false);
    expect(store.effects("run")).toMatchObject([
      { status: "notApplied", attempts: [{ outcome: "notApplied", source: "tool" }] },
    ]);
    expect([stage.snapshot().context.doubt, stage.snapshot().context.failure?.errorClass ?? null]).toContain(
      null,
    );
  });

  it("writes no intent under a halt that came before the commit", async () => {
    const store = open();
    const assess = stageHost().parts.performers.assess;
    const script = {
      assess: async (...given: Parameters<typeof assess>) => {
        store.halt("staged", "freeze", 0);
        return assess(...given);
      },
    };
    const stage = stageHost({ store, script });
    stage.begin();
    await stage.reaches("escalated");
    expect(stage.snapshot().context.escalation).toMatchObject({ reason: "halted" });
    expect([store.effects("run"), stage.calls.includes("execute")]).toEqual([[], false]);
  });
});

describe("a store that fails at the last look", () => {
  it("lets go of that run alone, and nothing is sent", async () => {
    const store = failingOnce(openMemoryStore(), "holds", ({ runId }) => runId === "a");
    const stage = stageHost({ store });
    for (const id of ["a", "b"]) stage.begin(id);
    await stage.reaches("succeeded", "b");
    expect(stage.released).toEqual([
      { runId: "a", why: "interrupted", error: new Error("the disk is full") },
    ]);
    expect(stage.performed.filter(({ name }) => name === "execute").map(({ runId }) => runId)).toEqual(["b"]);
  });
});

describe("performers that break", () => {
  const hostile = {
    get outcome(): string {
      throw new Error("a trap");
    },
  };
  const ways: [string, () => unknown][] = [
    ["throws at once", () => raise("broken")],
    ["rejects", () => Promise.reject(new Error("broken"))],
    ["rejects with a text", () => Promise.reject("broken")],
    ["rejects with nothing", () => Promise.reject()],
    ["answers nothing", () => undefined],
    ["answers a number", () => 7],
    ["answers something else", () => ({ outcome: "perhaps" })],
    ["answers with a trap", () => hostile],
  ];

  it.each(ways)("counts a dispatch that %s as unknown", async (_way, execute) => {
    const stage = stageHost({ script: { execute } });
    stage.begin();
    await stage.reaches("escalated");
    expect(stage.snapshot().context.escalation).toMatchObject({ reason: "unknownOutcome" });
    expect(stage.store.effects("run")).toMatchObject([
      { status: "inDoubt", attempts: [{ outcome: "unknown" }] },
    ]);
  });

  it.each(ways)("never takes a verifier that %s for a pass", async (_way, verify) => {
    const stage = stageHost({ script: { verify } });
    stage.begin();
    await stage.reaches("escalated");
    expect(stage.snapshot().context.escalation).toMatchObject({ reason: "unverifiable" });
  });

  it("leaves a dispatch whose result has no end in doubt", async () => {
    const stage = stageHost({ script: { execute: endlessly } });
    stage.begin();
    await stage.reaches("escalated");
    expect(stage.store.effects("run")).toMatchObject([
      { status: "inDoubt", attempts: [{ outcome: "unknown" }] },
    ]);
    expect(stage.snapshot().context.doubt).toMatchObject({ key: "run/1/0" });
  });

  it("parks a run whose facts cannot be collected", async () => {
    const stage = stageHost({ script: { assess: () => raise("no tree") } });
    stage.begin();
    await stage.reaches("escalated");
    expect(stage.snapshot().context.escalation).toMatchObject({ reason: "internal", detail: "no tree" });
  });
});

function raise(message: string): never {
  throw new Error(message);
}

/** A value that contains itself. */
function endlessly(): unknown {
  const value: Record<string, unknown> = { outcome: "applied", resultDigest: "d" };
  value.result = value;
  return value;
}

it("hands on what a call prints", async () => {
  const { parts } = stageHost();
  const printed: unknown[] = [];
  const stage = stageHost({
    onOutput: (...about) => printed.push(about),
    script: {
      act: (input, context) => {
        context.onOutput("agent", "thinking");
        return parts.performers.act(input, context);
      },
    },
  });
  stage.begin();
  await stage.reaches("succeeded");
  expect(printed).toContainEqual(["run", "agent", "thinking"]);
});
