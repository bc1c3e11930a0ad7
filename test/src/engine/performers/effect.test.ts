import { describe, expect, it } from "vitest";
import type { z } from "zod";
import { ConfirmReply, ExecuteReply, ObserveReply, ReconcileReply } from "../../../../machines/events.ts";
import { digestOf } from "../../../../src/base/digest.ts";
import { messageCharsMax, resultBytesMax } from "../../../../src/base/limits.ts";
import {
  performConfirm,
  performExecute,
  performObserve,
  performReconcile,
} from "../../../../src/engine/performers/effect.ts";
import type { AnyTool, ToolContext } from "../../../../src/ports/tool.ts";
import { sender } from "../stage.ts";
import { call, oddities, scopeOf, treeSession } from "./scope.ts";

const performers = {
  execute: performExecute,
  observe: performObserve,
  reconcile: performReconcile,
  confirm: performConfirm,
};
const schemas = {
  execute: ExecuteReply,
  observe: ObserveReply,
  reconcile: ReconcileReply,
  confirm: ConfirmReply,
};
type Name = keyof typeof performers;

async function perform<N extends Name>(
  name: N,
  tool: Partial<AnyTool>,
  { signal, text = "a" as unknown } = {} as { signal?: AbortSignal; text?: unknown },
) {
  const scope = scopeOf({ tools: [sender([], tool)] }, { session: treeSession("T5") });
  const input = { text };
  const action = { tool: "send", input, digest: digestOf(input) };
  const request = {
    callId: "1",
    key: "run/1/0",
    step: 1,
    index: 0,
    attempt: 2,
    tree: "T1",
    grants: [],
    result: "r",
    action,
  };
  const answer = (await performers[name](scope)(request as never, call(signal))) as object;
  return schemas[name].parse({ ...answer, at: 1, random: 0, callId: "1" }) as z.infer<(typeof schemas)[N]>;
}
const applied = (result: unknown) =>
  ({ execute: async () => ({ outcome: "applied", result }) }) as Partial<AnyTool>;
const failing = (outcome: string, message = "no") =>
  ({
    execute: async () => ({ outcome, failure: { errorClass: "conflict", message, retryAfterMs: 9 } }),
  }) as Partial<AnyTool>;
const huge = "x".repeat(5 * resultBytesMax);

describe("performExecute", () => {
  it("hands the tool key, attempt, tree, workspace and signal, and the parsed input", async () => {
    const seen: [unknown, ToolContext][] = [];
    const { signal } = new AbortController();
    const tool = {
      execute: async (input: unknown, context: ToolContext) => {
        seen.push([input, context]);
        return { outcome: "applied" as const, result: 1 };
      },
    };
    expect(await perform("execute", tool, { signal })).toMatchObject({
      outcome: "applied",
      result: 1,
      resultDigest: digestOf(1),
    });
    expect(seen).toMatchObject([
      [{ text: "a" }, { key: "run/1/0", attempt: 2, tree: "T1", runId: "run", signal }],
    ]);
    expect(seen[0]?.[1].workspace?.path).toBe("/workspace");
  });

  it("passes on what was not applied, and what is unknown", async () => {
    const failure = { errorClass: "conflict", message: "no", retryAfterMs: 9 };
    expect(await perform("execute", failing("notApplied"))).toMatchObject({ outcome: "notApplied", failure });
    expect(await perform("execute", failing("unknown"))).toMatchObject({ outcome: "unknown", failure });
  });

  it("bounds results and messages, and still knows equal results as equal", async () => {
    const one = (await perform("execute", applied(huge))) as { result: string; resultDigest: string };
    expect(JSON.stringify(one.result).length).toBeLessThanOrEqual(resultBytesMax);
    expect(one.result).toContain("left out");
    expect(one.resultDigest).toBe(digestOf(huge));
    const failed = await perform("execute", failing("unknown", huge));
    expect(JSON.stringify(failed).length).toBeLessThan(2 * messageCharsMax);
  });

  it.each([
    ["undefined", undefined, null],
    ["a function", () => 1, null],
    ["a cycle", cycle(), null],
    ["a big integer", 1n, null],
    ["half a character", { "\ud83d": "\udc00" }, { "\ufffd": "\ufffd" }],
    ["no number", { n: Number.NaN }, { n: null }],
  ])("keeps an effect applied whose result is %s", async (_what, result, kept) => {
    expect(await perform("execute", applied(result))).toMatchObject({ outcome: "applied", result: kept });
  });

  it.each(oddities)("lets a throw of %s through, which the host takes for unknown", async (_what, thrown) => {
    const outcome = perform("execute", { execute: () => Promise.reject(thrown) });
    expect(
      await outcome.then(
        () => "fulfilled",
        () => "rejected",
      ),
    ).toBe("rejected");
  });

  it("does not call a tool with arguments that do not fit", async () => {
    let called = false;
    const execute = async () => {
      called = true;
      return { outcome: "applied" as const, result: null };
    };
    const tool = { execute };
    await expect(perform("execute", tool, { text: 7 })).rejects.toThrow();
    expect(called).toBe(false);
  });
});

function cycle(): unknown {
  const value: { self?: unknown } = {};
  value.self = value;
  return value;
}

describe("performObserve", () => {
  it("says what was seen, bounded, or that the read failed", async () => {
    expect(await perform("observe", applied({ rows: 2 }))).toMatchObject({
      outcome: "observed",
      result: { rows: 2 },
    });
    expect(JSON.stringify(await perform("observe", applied(huge))).length).toBeLessThan(resultBytesMax);
    expect(await perform("observe", failing("unknown"))).toMatchObject({
      outcome: "failed",
      failure: { errorClass: "conflict" },
    });
  });
});

describe("performReconcile", () => {
  const asked = (answer: unknown) => ({ reconcile: async () => answer }) as Partial<AnyTool>;

  it("passes on what the tool found", async () => {
    expect(await perform("reconcile", asked({ found: "applied", result: { id: 1 } }))).toMatchObject({
      found: "applied",
      result: { id: 1 },
      resultDigest: digestOf({ id: 1 }),
    });
    expect(await perform("reconcile", asked({ found: "absent" }))).toMatchObject({ found: "absent" });
  });

  it("bounds results and messages", async () => {
    const failure = { errorClass: "unavailable", message: huge, retryAfterMs: null };
    for (const answer of [
      { found: "applied", result: huge },
      { found: "unknown", failure },
    ])
      expect(JSON.stringify(await perform("reconcile", asked(answer))).length).toBeLessThan(resultBytesMax);
  });

  it("refuses to ask a tool that cannot be asked", async () => {
    await expect(perform("reconcile", {})).rejects.toThrow(/cannot be asked/);
  });
});

describe("performConfirm", () => {
  it("takes a tool without a post-condition for confirmed, and looks where the workspace is", async () => {
    expect(await perform("confirm", {})).toMatchObject({ confirmed: true, tree: "T5", detail: null });
  });

  it("asks the post-condition with the recorded result", async () => {
    const seen: unknown[] = [];
    const confirm = async (_input: unknown, result: unknown) => {
      seen.push(result);
      return false;
    };
    expect(await perform("confirm", { confirm })).toMatchObject({
      confirmed: false,
      detail: expect.stringContaining("send"),
    });
    expect(seen).toEqual(["r"]);
  });
});
