import { describe, expect, it } from "vitest";
import { promptOf } from "../../../src/agents/prompt.ts";
import { readProposal } from "../../../src/agents/proposal.ts";
import type { Feedback } from "../../../src/ports/agent.ts";
import { turnOf } from "../../conformance/agent.cases.ts";

const promptWith = (more: Parameters<typeof turnOf>[0]): string => promptOf(turnOf(more).request);

const everyFeedback: Feedback[] = [
  { kind: "instruction", text: "mind the spaces" },
  { kind: "verificationFailed", text: "3 of 64 failed", score: 3 },
  { kind: "failure", errorClass: "timeout", text: "too late" },
  { kind: "observed", tool: "look", result: { seen: 1 } },
  { kind: "applied", tool: "post", result: { id: 7 } },
  { kind: "alreadyApplied", tool: "mail", result: { id: 8 } },
  { kind: "denied", tool: "drop", text: "not today" },
  { kind: "nudge", text: "four times the same" },
];

describe("promptOf", () => {
  it("states goal, turn, budget and tools", () => {
    const tools = [
      { name: "mail.send", description: "sends a mail", inputSchema: { type: "object" }, effect: "write" },
    ];
    const prompt = promptWith({ goal: "fix the parser", step: 3, tools });
    for (const part of [
      "fix the parser",
      "turn 3",
      "turns: 10",
      "cost: $1.00",
      "mail.send (write): sends a mail",
      '{"type":"object"}',
    ])
      expect(prompt).toContain(part);
  });

  it("tells every kind of feedback", () => {
    const prompt = promptWith({ feedback: everyFeedback });
    for (const part of [
      "mind the spaces",
      "3 of 64 failed",
      "timeout",
      '{"seen":1}',
      "post",
      '{"id":8}',
      "not today",
      "four times",
    ])
      expect(prompt).toContain(part);
  });

  it("says when there is nothing to tell and nothing to use", () => {
    const prompt = promptWith({});
    expect(prompt).toContain("Nothing yet.");
    expect(prompt).toContain("propose no actions");
  });

  it("bounds what others wrote", () => {
    const huge = "x".repeat(1_000_000);
    const feedback: Feedback[] = [
      { kind: "verificationFailed", text: huge, score: null },
      { kind: "observed", tool: "t", result: huge },
    ];
    expect(promptWith({ feedback }).length).toBeLessThan(20_000);
  });

  it("shows a form of answer that is itself a valid proposal", () => {
    expect(readProposal(promptWith({}))).toEqual({
      proposal: { actions: [{ tool: "NAME", input: {} }], claim: "done", note: "what this turn tried" },
      words: expect.any(String),
    });
  });
});
