import { expect, it } from "vitest";
import { replies } from "../../../machines/events.ts";
import { causeOf, mermaidOf } from "../../../src/check/trace.ts";

it.each([
  ["xstate.done.actor.act", "agent"],
  ["xstate.done.actor.verify", "verifiers"],
  ["xstate.done.actor.execute", "tool"],
  ["effect.lateOutcome", "tool"],
  ["xstate.after.untilDue.waiting", "clock"],
  ["approval.granted", "person"],
  ["directive.abort", "person"],
  ["run.continued", "person"],
  ["host.recovered", "runtime"],
  ["xstate.error.actor.act", "runtime"],
])("knows whose doing %s is", (type, cause) => {
  expect(causeOf({ type })).toBe(cause);
});

it("knows who answers each call", () => {
  const unknown = Object.keys(replies).filter(
    (name) => name !== "assess" && causeOf({ type: `xstate.done.actor.${name}` }) === "runtime",
  );
  expect(unknown).toEqual([]);
});

it("draws a trace, with the round that never ends, and lets no text break the drawing", () => {
  const step = { by: "agent" as const, says: "says; a #lot\nof", state: "acting" };
  expect(mermaidOf([step], [step])).toBe(
    [
      "sequenceDiagram",
      "  participant agent",
      "  participant run",
      "  agent->>run: says#59; a #35;lot of",
      "  Note right of run: acting",
      "  loop for ever",
      "    agent->>run: says#59; a #35;lot of",
      "    Note right of run: acting",
      "  end",
      "",
    ].join("\n"),
  );
});
