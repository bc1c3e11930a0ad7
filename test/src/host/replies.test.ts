import { describe, expect, it } from "vitest";
import { type CallName, callNames, JournalEvent, replies } from "../../../machines/events.ts";
import { brokenEvent, replyEvent } from "../../../src/host/replies.ts";
import { turn } from "./stage.ts";

const stamp = { at: 7, random: 0.5, callId: "3" };
const inputs = { purpose: "goal", turn: { proposal: "p", tree: "T1" } };
const failsTheFold: CallName = "assess";

describe("a call that broke", () => {
  it.each(callNames.filter((name) => name !== failsTheFold))(
    "is a reply of %s that fits its schema",
    (name) => {
      const event = brokenEvent(name, inputs, new Error("broken"), stamp);
      expect(JournalEvent.parse(event)).toEqual(event);
      expect(event).toMatchObject({ type: `xstate.done.actor.${name}`, actorId: name, output: stamp });
      expect(JSON.stringify(event)).toContain("broken");
    },
  );

  it.each([
    ["act", { kind: "failed", usage: null }],
    ["verify", { result: "unverifiable", purpose: "goal", proposal: "p", tree: "T1", score: null }],
    ["observe", { outcome: "failed" }],
    ["execute", { outcome: "unknown" }],
    ["reconcile", { found: "unknown" }],
    ["confirm", { confirmed: false, tree: null }],
  ] as const)("is never a success of %s", (name, output) => {
    expect(brokenEvent(name, inputs, "broken", stamp)).toMatchObject({ output });
  });

  it("makes the fold fail where there are no facts", () => {
    const event = brokenEvent(failsTheFold, inputs, new Error("no tree"), stamp);
    expect(event).toEqual({ type: "host.failed", at: 7, random: 0.5, message: "no tree" });
  });

  it("verifies a baseline without a turn", () => {
    const event = brokenEvent("verify", { purpose: "baseline", turn: null }, "broken", stamp);
    expect(JournalEvent.parse(event)).toMatchObject({
      output: { purpose: "baseline", proposal: "", tree: null },
    });
  });

  it("says it in bounded words, whatever was thrown", () => {
    for (const thrown of [
      "x".repeat(1e6),
      Object.create(null),
      undefined,
      { toString: () => "x".repeat(1e6) },
    ]) {
      for (const name of callNames)
        expect(JSON.stringify(brokenEvent(name, inputs, thrown, stamp)).length).toBeLessThan(10_000);
    }
  });
});

describe("a reply", () => {
  it("is what the schema makes of the answer, with the stamp", () => {
    const event = replyEvent("act", inputs, turn({ tools: ["send"] }), stamp);
    expect(JournalEvent.parse(event)).toEqual(event);
    expect(event).toMatchObject({ output: { ...stamp, kind: "turn" }, actorId: "act" });
  });

  it("cannot forge its own stamp", () => {
    const answer = { ...turn(), at: 1, random: 1, callId: "9" };
    expect(replyEvent("act", inputs, answer, stamp)).toMatchObject({ output: stamp });
  });

  it.each(callNames)("of %s that does not fit counts as broken", (name) => {
    for (const answer of [
      undefined,
      null,
      7,
      "text",
      [],
      {},
      { surplus: true },
      { ...turn(), surplus: true },
    ]) {
      const event = replyEvent(name, inputs, answer, stamp);
      const expected = brokenEvent(name, inputs, "x", stamp);
      expect([event.type, "output" in event]).toEqual([expected.type, "output" in expected]);
      if ("output" in event) expect(replies[name].safeParse(event.output).success).toBe(true);
      expect(JSON.stringify(event)).toContain("does not fit");
    }
  });
});
