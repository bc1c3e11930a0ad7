import { createInspector, type StatelyInspectionEvent } from "@statelyai/inspect";
import { expect, it } from "vitest";
import { scriptedAgent } from "../../../src/agents/index.ts";
import { defineLoop } from "../../../src/contract/index.ts";
import { openEngine } from "../../../src/engine/engine.ts";
import type { InspectorSink } from "../../../src/engine/inspection.ts";
import type { Verifier } from "../../../src/ports/verifier.ts";
import { openMemoryStore } from "../../../src/store/index.ts";

const always: Verifier<"check"> = {
  kind: "check",
  name: "always",
  containment: "workspace",
  verify: async () => ({
    verifier: "always",
    verdict: "passed",
    summary: "fine",
    fingerprint: "fine",
    durationMs: 0,
  }),
};

const loop = () =>
  defineLoop({
    name: "claims",
    agent: scriptedAgent({ turns: [{ claim: "done" }] }),
    tools: {},
    continue: { limits: { steps: 3 } },
    verify: { proposal: [always], goal: [always] },
    retry: {},
    escalate: { policy: [] },
  });

async function runInspected(inspector: InspectorSink) {
  const engine = await openEngine({ store: openMemoryStore(), inspector });
  const run = await engine.start(loop(), { goal: "claim" });
  const end = await run.outcome;
  const rows = engine.store.journal(run.id);
  await engine.close();
  return { runId: run.id, end, rows };
}

it("tells an inspector of a run what a native actor would tell: chart, events, snapshots, in order", async () => {
  const told: StatelyInspectionEvent[] = [];
  const { runId, end, rows } = await runInspected(createInspector({ send: (event) => told.push(event) }));
  expect(end.status).toBe("succeeded");
  expect(told.map(({ type }) => type)).toEqual([
    "@xstate.actor",
    ...rows.slice(1).flatMap(() => ["@xstate.event", "@xstate.snapshot"]),
  ]);
  expect(new Set(told.map(({ sessionId }) => sessionId))).toEqual(new Set([runId]));
  const [actor] = told;
  expect(JSON.parse((actor as { definition: string }).definition)).toHaveProperty("states.deciding");
  expect(told.flatMap((event) => (event.type === "@xstate.event" ? [event.event] : []))).toEqual(
    rows.slice(1).map(({ event }) => JSON.parse(event)),
  );
  expect(told.at(-1)).toMatchObject({ snapshot: { status: "done", value: "succeeded" } });
});

it("goes on when the inspector fails", async () => {
  const broken = () => {
    throw new Error("the window is closed");
  };
  const { end } = await runInspected({ actor: broken, event: broken, snapshot: broken });
  expect(end.status).toBe("succeeded");
});
