import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { AgentFailure } from "../../src/agents/agent-failure.ts";
import { memoryBytesMax, messageCharsMax } from "../../src/base/limits.ts";
import type { Agent, AgentContext, TurnReply, TurnRequest } from "../../src/ports/agent.ts";
import { readHostFiles } from "../../src/process/host-file.ts";
import { openProcesses } from "../../src/process/index.ts";
import { hostMark } from "../../src/process/mark.ts";
import { environmentOf, listProcesses } from "../../src/process/proc-files.ts";

/** Agents of one kind, in the situations that every agent must master. */
export type AgentFixture = {
  /** Ends its turn by itself, with a reply. */
  able(): Agent;
  /** Does not end by itself. */
  endless(): Agent;
  /** Fails. */
  failing(): Agent;
};

/** Milliseconds within which an aborted turn must have ended; generous for a loaded machine. */
const abortedWithinMs = 20_000;

function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "loopwright-agent-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** A turn in a fresh directory, and a runner whose children can be counted. */
export function turnOf(more: Partial<TurnRequest> = {}) {
  const registryDirectory = join(temporaryDirectory(), "register");
  const processes = openProcesses({ registryDirectory });
  onTestFinished(() => processes.close());
  const abort = new AbortController();
  const output: string[] = [];
  const request: TurnRequest = {
    runId: "run-1",
    goal: "make the tests pass",
    step: 1,
    remaining: {
      steps: 10,
      activeMs: 600_000,
      deadlineMs: 600_000,
      tokens: 1_000,
      costMicroUsd: 1_000_000,
      actionsPerTurn: 4,
      effects: 8,
    },
    feedback: [],
    tools: [],
    directory: temporaryDirectory(),
    memory: null,
    ...more,
  };
  const context: AgentContext = {
    signal: abort.signal,
    processes,
    onOutput: (chunk) => void output.push(chunk),
  };
  const children = (): number =>
    readHostFiles(registryDirectory)
      .map(({ token }) => hostMark(token))
      .flatMap((mark) => listProcesses().filter(({ pid }) => environmentOf(pid).includes(mark))).length;
  return { request, context, abort, output, children };
}

/** What a turn ended with, whichever way. */
export const settle = (
  agent: Agent,
  { request, context }: Pick<ReturnType<typeof turnOf>, "request" | "context">,
) =>
  agent.act(request, context).then(
    (reply) => ({ reply, thrown: null }),
    (thrown: unknown) => ({ reply: null, thrown }),
  );

function expectReply(reply: TurnReply): void {
  expect(JSON.parse(JSON.stringify(reply))).toEqual(reply);
  expect(JSON.stringify(reply.memory ?? null).length).toBeLessThanOrEqual(memoryBytesMax);
  expect([undefined, "done", "stuck"]).toContain(reply.claim);
  for (const { tool } of reply.actions ?? []) expect(tool).not.toBe("");
}

function expectUsage(usage: TurnReply["usage"]): void {
  if (usage === undefined || usage === "unknown") return;
  for (const amount of [usage.tokens, usage.costMicroUsd])
    expect(Number.isSafeInteger(amount) && amount >= 0).toBe(true);
}

/** What each agent must promise, whatever it is made of. */
export function agentCases(name: string, fixture: AgentFixture): void {
  describe(`${name}, as an agent`, () => {
    it("replies with JSON, and with its usage or none", async () => {
      const turn = turnOf();
      const { reply, thrown } = await settle(fixture.able(), turn);
      expect(thrown).toBeNull();
      expectReply(reply!);
      expectUsage(reply!.usage);
      expect(turn.children()).toBe(0);
    });

    it("declares its name, its containment and, if any, a bound of its usage", () => {
      const { name: given, containment, maxPerTurn } = fixture.able();
      expect(given).not.toBe("");
      expect(["auto", "sandbox", "workspace", "none"]).toContain(containment);
      expectUsage(maxPerTurn);
    });

    it(
      "ends soon after an abort, as cancelled, and leaves no child process",
      async () => {
        const turn = turnOf();
        const settled = settle(fixture.endless(), turn);
        setTimeout(() => turn.abort.abort(), 300);
        const { thrown } = await settled;
        expect(thrown).toBeInstanceOf(AgentFailure);
        expect((thrown as AgentFailure).failure.errorClass).toBe("cancelled");
        expect(turn.children()).toBe(0);
      },
      abortedWithinMs,
    );

    it(
      "does not start under an abort",
      async () => {
        const turn = turnOf();
        turn.abort.abort();
        const { thrown } = await settle(fixture.endless(), turn);
        expect((thrown as AgentFailure).failure.errorClass).toBe("cancelled");
      },
      abortedWithinMs,
    );

    it("throws nothing but a bounded AgentFailure with its usage", async () => {
      const turn = turnOf();
      const { thrown } = await settle(fixture.failing(), turn);
      expect(thrown).toBeInstanceOf(AgentFailure);
      const { failure, usage } = thrown as AgentFailure;
      expect(failure.message.length).toBeLessThanOrEqual(messageCharsMax);
      expect(JSON.parse(JSON.stringify(failure))).toEqual(failure);
      expectUsage(usage);
      expect(turn.children()).toBe(0);
    });

    it("answers again under the same request as after a crash", async () => {
      const agent = fixture.able();
      const first = await settle(agent, turnOf());
      const second = await settle(agent, turnOf());
      expect(second.thrown).toBeNull();
      expect(second.reply?.claim).toBe(first.reply?.claim);
    });
  });
}
