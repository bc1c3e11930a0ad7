import { describe, expect, it } from "vitest";
import { ActReply } from "../../../../machines/events.ts";
import { AgentFailure } from "../../../../src/agents/index.ts";
import {
  memoryBytesMax,
  messageCharsMax,
  outputBytesMax,
  turnBytesMax,
} from "../../../../src/base/limits.ts";
import { performAct } from "../../../../src/engine/performers/act.ts";
import type { Agent, TurnRequest } from "../../../../src/ports/agent.ts";
import { sender, sending } from "../stage.ts";
import { call, oddities, scopeOf, treeSession } from "./scope.ts";

const input = { callId: "1", step: 1, remaining: {} as never, start: null, memory: null, feedback: [] };
const stamp = { at: 1, random: 0, callId: "1" };

const agentOf = (act: Agent["act"]): Agent => ({ name: "odd", containment: "workspace", act });

/** One turn of an agent; its answer must be a reply that the chart takes. */
async function turn(
  act: Agent["act"],
  more: { session?: ReturnType<typeof treeSession>; start?: string; memory?: string } = {},
) {
  const { session = null, ...rest } = more;
  const scope = scopeOf({ agent: agentOf(act), tools: [sender([])] }, { session });
  const context = call();
  const answer = (await performAct(scope)({ ...input, ...rest }, context)) as object;
  return { reply: ActReply.parse({ ...answer, ...stamp }), scope, heard: context.heard };
}
const replying = (reply: unknown) => turn(async () => reply as never);

describe("performAct", () => {
  it("hands over goal, budget, tools and place, and digests what comes back", async () => {
    const requests: TurnRequest[] = [];
    const { reply, heard } = await turn(async (request, { onOutput }) => {
      requests.push(request);
      onOutput("hm");
      return {
        actions: [sending("a"), sending("a"), sending("b")],
        usage: { tokens: 3, costMicroUsd: 4 },
        note: "three",
      };
    });
    expect(requests[0]).toMatchObject({
      runId: "run",
      goal: "perform",
      step: 1,
      directory: "/project",
      memory: null,
    });
    expect(requests[0]?.tools).toMatchObject([
      { name: "send", effect: "write", inputSchema: { type: "object" } },
    ]);
    expect(reply).toMatchObject({ kind: "turn", usage: { tokens: 3, costMicroUsd: 4 }, note: "three" });
    const digests = reply.kind === "turn" ? reply.turn.actions.map(({ digest }) => digest) : [];
    expect(digests[0]).toBe(digests[1]);
    expect(digests[0]).not.toBe(digests[2]);
    expect(heard).toEqual(["agent: hm"]);
  });

  it("puts the workspace where the turn starts, and says whether it changed", async () => {
    const session = treeSession("T9");
    const same = await turn(async () => ({}), { session, start: "T1" });
    expect(session.restored).toEqual(["T1"]);
    expect(same.reply).toMatchObject({ turn: { tree: "T1", changed: false } });
    const other = await turn(
      async () => {
        session.tree = "T2";
        return {};
      },
      { session, start: "T1" },
    );
    expect(other.reply).toMatchObject({ turn: { tree: "T2", changed: true } });
  });

  it("carries the memory from turn to turn", async () => {
    const { reply, scope } = await replying({ memory: { tried: [1] } });
    const digest = reply.kind === "turn" ? reply.memory! : "";
    const seen: unknown[] = [];
    const agent = agentOf(async ({ memory }) => {
      seen.push(memory);
      return {};
    });
    const next = { ...scope, contract: { ...scope.contract, agent } };
    expect(await performAct(next)({ ...input, memory: digest }, call())).toMatchObject({ memory: digest });
    expect(seen).toEqual([{ tried: [1] }]);
  });

  it.each(oddities)("takes a throw of %s for a failed turn", async (_what, thrown) => {
    const { reply } = await turn(() => Promise.reject(thrown));
    expect(reply).toMatchObject({ kind: "failed", usage: null, failure: { errorClass: "internal" } });
  });

  it("keeps class, wait and usage of a typed failure", async () => {
    const failure = new AgentFailure({
      errorClass: "rateLimited",
      message: "slow down",
      retryAfterMs: 5,
      usage: { tokens: 1, costMicroUsd: 2 },
    });
    const { reply } = await turn(() => Promise.reject(failure));
    expect(reply).toMatchObject({
      failure: { errorClass: "rateLimited", message: "slow down", retryAfterMs: 5 },
      usage: { tokens: 1, costMicroUsd: 2 },
    });
  });

  it.each([
    ["nothing", undefined],
    ["a text", "done"],
    ["an unknown field", { action: [] }],
    ["an unknown claim", { claim: "finished" }],
    ["usage that is no number", { usage: { tokens: Number.NaN, costMicroUsd: 0 } }],
    ["a negative usage", { usage: { tokens: -1, costMicroUsd: 0 } }],
    ["an input that is not JSON", { actions: [{ tool: "send", input: { when: new Date(0) } }] }],
    ["a tool that does not exist", { actions: [{ tool: "toString", input: {} }] }],
    ["too large a turn", { actions: [sending("x".repeat(turnBytesMax))] }],
    ["too large a memory", { memory: "x".repeat(memoryBytesMax) }],
  ])("takes %s for a malformed turn", async (_what, reply) => {
    const answer = (await replying(reply)).reply;
    expect(answer).toMatchObject({ kind: "failed", failure: { errorClass: "invalidArguments" } });
    expect(JSON.stringify(answer).length).toBeLessThan(2 * messageCharsMax);
  });

  it("bounds note and transcript, and keeps unknown usage unknown", async () => {
    const { reply, scope } = await replying({
      note: "n".repeat(9_000),
      transcript: "t".repeat(2 * outputBytesMax),
    });
    expect(reply).toMatchObject({ kind: "turn", usage: null });
    expect(reply.kind === "turn" && reply.note!.length).toBeLessThanOrEqual(500);
    expect(scope.store.blob(reply.transcript!)!.length).toBeLessThanOrEqual(outputBytesMax);
  });

  it("makes half characters whole", async () => {
    const { reply } = await replying({ note: "\ud83d", actions: [sending("\udc00")] });
    expect(reply).toMatchObject({ kind: "turn", note: "\ufffd", turn: { actions: [sending("\ufffd")] } });
  });

  it("hands the signal on, and starts no turn that was given up already", async () => {
    let started = 0;
    const seen: AbortSignal[] = [];
    const agent = agentOf(async (_request, { signal }) => {
      started += 1;
      seen.push(signal);
      return {};
    });
    const controller = new AbortController();
    await performAct(scopeOf({ agent }))(input, call(controller.signal));
    controller.abort();
    expect(seen[0]?.aborted).toBe(true);
    await expect(performAct(scopeOf({ agent }))(input, call(controller.signal))).rejects.toThrow();
    expect(started).toBe(1);
  });
});
