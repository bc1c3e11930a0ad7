import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readEnvelope, readText } from "../../../src/agents/envelope.ts";

const lines = (...records: unknown[]): string => records.map((record) => JSON.stringify(record)).join("\n");

const claude = {
  type: "result",
  subtype: "success",
  is_error: false,
  result: "Fixed.",
  total_cost_usd: 0.0123456,
  usage: {
    input_tokens: 100,
    cache_creation_input_tokens: 20,
    cache_read_input_tokens: 3,
    output_tokens: 4,
    service_tier: "x",
  },
};
const codexMessage = (text: string) => ({
  type: "item.completed",
  item: { id: "i", type: "agent_message", text },
});
const codexDone = {
  type: "turn.completed",
  usage: { input_tokens: 50, cached_input_tokens: 40, output_tokens: 5 },
};
const gemini = {
  response: "Fixed.",
  stats: {
    models: { "gemini-a": { tokens: { prompt: 10, total: 30 } }, "gemini-b": { tokens: { total: 12 } } },
    tools: {},
  },
};

describe("readEnvelope", () => {
  const claudeOutput = { text: "Fixed.", usage: { tokens: 127, costMicroUsd: 12_346 }, error: null };

  it("reads Claude Code's result, alone, in a list or at the end of a stream", () => {
    expect(readEnvelope(JSON.stringify(claude))).toEqual(claudeOutput);
    expect(readEnvelope(JSON.stringify([{ type: "system" }, claude], null, 2))).toEqual(claudeOutput);
    expect(readEnvelope(lines({ type: "system" }, { type: "assistant", message: {} }, claude))).toEqual(
      claudeOutput,
    );
  });

  it("reads Claude Code's failures with what they cost", () => {
    const failed = { ...claude, is_error: true, result: "API Error: 429" };
    expect(readEnvelope(JSON.stringify(failed))).toMatchObject({
      error: "API Error: 429",
      usage: { tokens: 127 },
    });
    const { result: _, ...cut } = { ...claude, subtype: "error_max_turns" };
    expect(readEnvelope(JSON.stringify(cut))).toMatchObject({ text: "", error: "error_max_turns" });
  });

  it("reads Codex's last message and the sum of its turns, whose price is unknown", () => {
    const stream = lines(
      { type: "thread.started" },
      codexMessage("first"),
      codexDone,
      codexMessage("last"),
      codexDone,
    );
    expect(readEnvelope(stream)).toEqual({
      text: "last",
      usage: { tokens: 110, costMicroUsd: null },
      error: null,
    });
    expect(readEnvelope(lines({ type: "turn.failed", error: { message: "401" } }))).toEqual({
      text: "",
      usage: "unknown",
      error: "401",
    });
  });

  it("reads Gemini's answer and its stream", () => {
    expect(readEnvelope(JSON.stringify(gemini))).toEqual({
      text: "Fixed.",
      usage: { tokens: 42, costMicroUsd: null },
      error: null,
    });
    expect(
      readEnvelope(JSON.stringify({ error: { type: "E", message: "no auth", code: 41 } })),
    ).toMatchObject({ error: "no auth" });
    const parts = ["Fi", "xed."].map((content) => ({
      type: "message",
      role: "assistant",
      content,
      delta: true,
    }));
    const stream = lines({ type: "init" }, { type: "message", role: "user", content: "hi" }, ...parts, {
      type: "result",
      status: "success",
      stats: { total_tokens: 9 },
    });
    expect(readEnvelope(stream)).toEqual({
      text: "Fixed.",
      usage: { tokens: 9, costMicroUsd: null },
      error: null,
    });
    expect(readEnvelope(lines({ type: "result", status: "error", error: { message: "bad" } }))).toMatchObject(
      { error: "bad" },
    );
  });

  it("reads a stream of which the middle was left out", () => {
    const stream = `${lines({ type: "system" })}\n{"type":"assis\n… 900 bytes left out …\nt":1}\n${lines(claude)}`;
    expect(readEnvelope(stream)).toEqual(claudeOutput);
  });

  it("takes what is no envelope as text of unknown usage", () => {
    for (const stdout of [
      "",
      "Done.",
      '{"claim":"done"}',
      "[1,2]",
      'I did it.\n{"type":"turn.completed","usage":{"input_tokens":0,"output_tokens":0}}',
    ])
      expect(readEnvelope(stdout)).toEqual(readText(stdout));
    expect(readText("x")).toEqual({ text: "x", usage: "unknown", error: null });
  });

  it("calls a usage unknown that is no count", () => {
    for (const tokens of [-1, "many", 1e300, null]) {
      const odd = { ...claude, usage: { ...claude.usage, input_tokens: tokens } };
      expect(readEnvelope(JSON.stringify(odd))).toMatchObject({ text: "Fixed.", usage: "unknown" });
    }
  });

  it("survives any output", () => {
    const record = fc.oneof(
      fc.constantFrom<unknown>(claude, codexDone, gemini, codexMessage("x")),
      fc.jsonValue(),
    );
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            record.map((value) => JSON.stringify(value)),
            fc.string(),
          ),
        ),
        (parts) => {
          expect(typeof readEnvelope(parts.join("\n")).text).toBe("string");
        },
      ),
    );
  });
});
