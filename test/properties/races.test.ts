import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fakeClock } from "../helpers/fake-clock.ts";
import { runsOf } from "../helpers/runs.ts";
import { applied, eventsOf, facts, gate, say, settle, stageHost, stores } from "../src/host/stage.ts";

// Two things at once, in every order that fast-check's scheduler finds: whichever is first, the run ends as one of them
// says, nothing is dispatched twice, and the journal holds together.

const runs = { numRuns: runsOf(25), endOnFailure: true };
const runId = "run";
const timeoutMs = 5_000;

/** Things that happen in the order in which the scheduler lets them, each with all that follows from it. */
async function inAnyOrder(
  scheduler: fc.Scheduler,
  happenings: Record<string, () => void>,
): Promise<string[]> {
  const order: string[] = [];
  const all = Object.entries(happenings).map(async ([name, happen]) => {
    await scheduler.schedule(Promise.resolve(), name);
    order.push(name);
    happen();
    await settle(20);
  });
  await scheduler.waitIdle();
  await Promise.all(all);
  await settle(60);
  return order;
}

describe.each(stores)("on the %s store", (_name, openStore) => {
  it("an abort and the outcome of a dispatch", async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), async (scheduler) => {
        const store = openStore();
        const clock = fakeClock();
        const outcome = gate();
        const stage = stageHost({ store, clock, script: { execute: () => outcome.promise } });
        stage.begin(runId);
        await stage.reaches("effect.committing");
        await inAnyOrder(scheduler, {
          abort: () => {
            say(store, clock.now(), { type: "directive.abort", reason: "enough" });
            stage.host.poll();
          },
          outcome: () => outcome.open(applied),
        });
        const [effect] = store.effects(runId);
        expect(effect?.status).toBe("applied");
        expect(stage.calls.filter((name) => name === "execute")).toHaveLength(1);
        expect(stage.state()).toMatch(/^(stopped|succeeded)$/);
        eventsOf(store);
      }),
      runs,
    );
  });

  it("a time-out of a dispatch and its outcome", async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), async (scheduler) => {
        const store = openStore();
        const clock = fakeClock();
        const outcome = gate();
        const rules = { tools: { send: { effect: "write" as const, repeat: "never" as const, timeoutMs } } };
        const stage = stageHost({ store, clock, rules, script: { execute: () => outcome.promise } });
        stage.begin(runId);
        await stage.reaches("effect.committing");
        const order = await inAnyOrder(scheduler, {
          timeout: () => clock.advance(timeoutMs),
          outcome: () => outcome.open(applied),
        });
        expect(stage.calls.filter((name) => name === "execute")).toHaveLength(1);
        // Late or not, what was applied is known to be.
        expect(store.effects(runId)[0]?.status).toBe("applied");
        expect(stage.snapshot().context.doubt).toBeNull();
        if (order[0] === "outcome") expect(stage.state()).toBe("succeeded");
        eventsOf(store);
      }),
      runs,
    );
  });

  it("an answer to a question and its time-out", async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), async (scheduler) => {
        const store = openStore();
        const clock = fakeClock();
        const rules = { approvals: { approvers: ["ann"], timeoutMs } };
        const stage = stageHost({
          store,
          clock,
          rules,
          script: { assess: () => facts({ policy: "ask" }) },
        });
        stage.begin(runId);
        await stage.reaches("effect.awaitingApproval");
        const effectKey = stage.snapshot().context.approval!.effectKey;
        const order = await inAnyOrder(scheduler, {
          timeout: () => clock.advance(timeoutMs),
          denial: () => {
            say(store, clock.now(), { type: "approval.denied", effectKey, reason: "no" });
            stage.host.poll();
          },
        });
        expect(stage.calls).not.toContain("execute");
        const types = eventsOf(store).map(({ type }) => type);
        const first = types.find((type) => type === "approval.denied" || type.endsWith("awaitingApproval"));
        expect(first?.startsWith("xstate.after")).toBe(order[0] === "timeout");
      }),
      runs,
    );
  });

  it("two hosts that take a run for theirs", async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), async (scheduler) => {
        const store = openStore();
        const clock = fakeClock();
        const outcome = gate();
        const first = stageHost({ store, clock, owner: "first", script: { execute: () => outcome.promise } });
        first.begin(runId);
        await first.reaches("effect.committing");
        const second = stageHost({ store, clock, owner: "second" });
        await inAnyOrder(scheduler, {
          takeOver: () => {
            first.crash(runId);
            second.recover(runId);
          },
          outcome: () => outcome.open(applied),
          time: () => clock.advance(1_000),
        });
        const dispatched = [...first.calls, ...second.calls].filter((name) => name === "execute");
        expect(dispatched).toHaveLength(1);
        // The attempt of a host that lost its run is in doubt, never sent again: the tool cannot be asked.
        expect(["applied", "inDoubt"]).toContain(store.effects(runId)[0]?.status);
        eventsOf(store);
      }),
      runs,
    );
  });
});
