import { afterAll, describe, expect, it, onTestFinished } from "vitest";
import { z } from "zod";
import { createLoopMachine } from "../../../machines/loop.ts";
import { LoopRules } from "../../../machines/rules.ts";
import { explanations } from "../../../src/engine/state-words.ts";
import { toolsNeedingApproval } from "../../../src/engine/status.ts";
import type { RunHandle, RunStatusReport } from "../../../src/engine/types.ts";
import { defineTool } from "../../../src/tools/index.ts";
import { evidence, type LoopParts, loopOf, scriptedCheck, sender, sending, stageEngine } from "./stage.ts";

type Node = {
  path: string[];
  states: Record<string, Node>;
  always?: { guard?: unknown }[];
};
/** States in which a run can be found: all but those that the chart only passes through. */
function restingStates(node: Node): string[] {
  const inner = Object.values(node.states);
  if (inner.length > 0) return inner.flatMap(restingStates);
  const passing =
    node.always !== undefined && node.always.length > 0 && node.always.at(-1)?.guard === undefined;
  return passing ? [] : [node.path.join(".")];
}
const states = restingStates(createLoopMachine(LoopRules.parse({})).root as unknown as Node);

const never = (): Promise<never> => new Promise(() => {});
/** A dispatch in flight is waited for, so it must end with its test. */
const untilTheEnd = () =>
  new Promise<never>((_resolve, reject) => onTestFinished(() => reject(new Error("over"))));
const sent: string[] = [];
const proposing = { turns: [{ actions: [sending("a")] }] };
const losing = { execute: () => Promise.reject(new Error("lost")) };
const metric = {
  continue: { limits: { steps: 5 }, progress: { metric: { name: "failing", direction: "lower" } } },
};
const look = defineTool({
  name: "look",
  description: "Looks.",
  input: z.strictObject({}),
  effect: "read",
  execute: never,
});

/** For each state, a contract that comes to rest, or to wait, in it; and what must be said of it. */
const ways: Record<
  string,
  {
    parts: LoopParts;
    call?: string;
    owed?: RunStatusReport["verificationOwed"]["purpose"];
    parked?: true;
    ended?: true;
  }
> = {
  measuring: {
    parts: { ...(metric as LoopParts), proposal: [scriptedCheck(never)] },
    call: "verify",
    owed: "baseline",
  },
  acting: { parts: { turns: [never] }, call: "act", owed: "proposal" },
  verifying: {
    parts: { ...proposing, tools: [sender(sent)], proposal: [scriptedCheck(never)] },
    call: "verify",
    owed: "proposal",
  },
  "effect.assessing": {
    parts: { ...proposing, tools: [sender(sent, { permitted: never })] },
    call: "assess",
    owed: null,
  },
  "effect.awaitingApproval": {
    parts: { ...proposing, tools: [sender(sent)], escalate: {} },
    parked: true,
    owed: "proposal",
  },
  "effect.observing": {
    parts: { turns: [{ actions: [{ tool: "look", input: {} }] }], tools: [look] },
    call: "observe",
    owed: "proposal",
  },
  "effect.committing": {
    parts: { ...proposing, tools: [sender(sent, { execute: untilTheEnd })] },
    call: "execute",
    owed: null,
  },
  "effect.reconciling": {
    parts: { ...proposing, tools: [sender(sent, { ...losing, repeat: "reconcile", reconcile: never })] },
    call: "reconcile",
    owed: null,
  },
  "effect.settling": {
    parts: {
      ...proposing,
      tools: [
        sender(sent, {
          ...losing,
          repeat: "reconcile",
          settlesWithinMs: 600_000,
          reconcile: async () => ({ found: "absent" }),
        } as never),
      ],
    },
    owed: null,
  },
  "effect.confirming": {
    parts: { ...proposing, tools: [sender(sent, { confirm: never })] },
    call: "confirm",
    owed: null,
  },
  waiting: {
    parts: {
      turns: [() => Promise.reject(new Error("unavailable"))],
      retry: { backoff: { baseMs: 600_000, factor: 10, maxMs: 600_000 } },
    },
    owed: "proposal",
  },
  escalated: { parts: { turns: [{ claim: "stuck" }] }, parked: true, owed: "proposal" },
  succeeded: { parts: {}, ended: true, owed: null },
  stopped: { parts: { turns: [{ files: {} }], continue: { limits: { steps: 1 } } }, ended: true, owed: null },
};

async function arrive(run: RunHandle, state: string): Promise<void> {
  for await (const event of run.events()) if (event.kind === "journal" && event.state === state) return;
  expect(run.status().state.name).toBe(state);
}

const names = [
  "state",
  "mayDo",
  "verificationOwed",
  "budget",
  "wouldEscalate",
  "logged",
  "committed",
  "needsApproval",
];

describe("the eight questions", () => {
  const driven = new Set<string>();
  afterAll(() => expect([...driven].sort()).toEqual([...states].sort()));

  it("knows a way into every state of the chart, and a sentence for it", () => {
    expect(Object.keys(ways).sort()).toEqual([...states].sort());
    for (const state of states) expect(explanations[state], state).toMatch(/\w+/);
  });

  it.each(Object.entries(ways))("are answered in %s", async (state, { parts, call, owed, parked, ended }) => {
    const engine = await stageEngine();
    const loop = loopOf(parts);
    const run = await engine.start(loop, { goal: "stand still" });
    await arrive(run, state);
    const report = engine.status(run.id, loop);
    driven.add(report.state.name);
    expect(Object.keys(report)).toEqual(expect.arrayContaining(names));
    expect(report.state).toMatchObject({ name: state, explanation: explanations[state] });
    expect(report.state.status).toBe(ended ? "ended" : parked ? "parked" : "running");
    expect(report.mayDo.call).toBe(call ?? null);
    expect(report.verificationOwed).toMatchObject({ owed: owed !== null, purpose: owed });
    expect(report.verificationOwed.why).not.toBe("");
    expect(report.budget.steps).toMatchObject({ limit: parts.continue?.limits?.steps ?? 5, advisory: false });
    expect(report.budget.tokens.advisory).toBe(true);
    for (const { limit, remaining } of Object.values(report.budget))
      expect(remaining).toBeLessThanOrEqual(limit);
    expect(report.logged).toMatchObject({ rows: engine.store.run(run.id)!.length, durable: false });
    expect(report.logged.lastEvent).not.toBe("");
    expect(report.committed.effects).toEqual(engine.store.effects(run.id));
    if (ended) {
      expect(report.mayDo).toMatchObject({ events: [], leadsTo: [] });
      expect(report.wouldEscalate).toEqual([]);
      expect(report.state.outcome).not.toBeNull();
    } else {
      expect(report.mayDo.events).toEqual(expect.arrayContaining(["directive.abort"]));
      expect(report.mayDo.leadsTo.length).toBeGreaterThan(0);
      expect(states).toEqual(expect.arrayContaining(report.mayDo.leadsTo));
      expect(report.wouldEscalate.map(({ reason }) => reason)).toContain("sameFailure");
    }
  });
});

describe("the answers", () => {
  it("name what was committed and what is in doubt", async () => {
    const engine = await stageEngine();
    const loop = loopOf({ ...proposing, tools: [sender(sent, losing as never)] });
    const run = await engine.start(loop, { goal: "lose" });
    await run.outcome;
    expect(run.status()).toMatchObject({
      state: { name: "escalated", escalation: { reason: "unknownOutcome" } },
      committed: { inDoubt: [`${run.id}/1/0`], effects: [{ status: "inDoubt", tool: "send" }] },
    });
  });

  it("owe the goal when done is claimed", async () => {
    const engine = await stageEngine();
    const loop = loopOf({ turns: [{ claim: "done" }], goal: [scriptedCheck(never, { name: "suite" })] });
    const run = await engine.start(loop, { goal: "prove" });
    await arrive(run, "verifying");
    expect(run.status().verificationOwed).toMatchObject({
      owed: true,
      purpose: "goal",
      verifiers: ["suite"],
    });
    expect(evidence("passed").verdict).toBe("passed");
  });

  it("say which tools need a person, and why", () => {
    const tool = (name: string, more: object) => ({ ...sender(sent, more as never), name });
    const tools = [
      tool("plain", {}),
      tool("wipe", { effect: "destructive" }),
      tool("mail", { sensitivity: ["users"] }),
      tool("ship", {}),
      tool("ban", {}),
    ];
    const policy = [
      { tool: ["plain", "wipe", "mail"], answer: "allow" as const },
      { tool: "ban", answer: "forbid" as const },
    ];
    expect(toolsNeedingApproval(loopOf({ tools, escalate: { policy } }))).toEqual([
      { tool: "wipe", why: "it is destructive: each attempt needs a fresh grant" },
      { tool: "mail", why: "it touches users" },
      { tool: "ship", why: "no rule of the policy allows it" },
      { tool: "ban", why: "the policy forbids it" },
    ]);
  });

  it("refuse a run that is not there, and a snapshot that the chart cannot read", async () => {
    const engine = await stageEngine();
    expect(() => engine.status("nothing", loopOf())).toThrow(/no run nothing/);
    const run = await engine.start(loopOf(), { goal: "end" });
    await run.outcome;
    const torn = { ...engine.store, snapshot: () => '{"value":"dreaming","status":"active","context":{}}' };
    const other = await stageEngine({ store: torn });
    expect(() => other.status(run.id, loopOf())).toThrow(/does not fit this chart/);
  });
});
