import { describe, expect, it } from "vitest";
import type { LoopState } from "../../../actions/state.ts";
import type { JournalEvent } from "../../../machines/events.ts";
import { intentsOf, outcomesOf } from "../../../src/host/ledger.ts";
import { action } from "../../helpers/driving.ts";
import { memory } from "../../helpers/memory.ts";

const at = 9;
const effect = {
  key: "run/1/0",
  tool: "send",
  attempts: 2,
  lastSentAt: 5,
  reconciliations: 0,
  grants: [],
  applied: false,
  knownApplied: false,
  result: null,
};
const doubt = { key: "run/1/0", attempts: [2], at: 5 };
const view = (state: string, context: Partial<LoopState> = { doubt }) => ({
  value: { effect: state },
  context: memory({ effect, ...context }),
});
const inCommitting = view("committing");
const settled = view("confirming", { doubt: null });
const event = (type: string, about: object = {}) =>
  ({ type, at, random: 0, ...about }) as unknown as JournalEvent;
const reply = (name: string, output: object) => event(`xstate.done.actor.${name}`, { output, actorId: name });
const row = (outcome: string, source: string, more = {}) => [
  { key: "run/1/0", attempt: 2, at, outcome, source, result: null, ...more },
];

describe("intents", () => {
  const input = {
    callId: "4",
    key: "run/1/0",
    step: 1,
    index: 0,
    attempt: 1,
    tree: "T1",
    grants: ["g"],
    action: { ...action("send"), input: { b: 1, a: 2 } },
  };

  it("are those of the dispatches, and of nothing else", () => {
    const calls = (["verify", "execute", "observe", "reconcile"] as const).map((name) => ({
      name,
      callId: "4",
      input,
    }));
    expect(intentsOf(calls, { loop: "l", at, businessKeyOf: ({ key }) => `of ${key}` })).toEqual([
      {
        key: "run/1/0",
        attempt: 1,
        at,
        loop: "l",
        step: 1,
        index: 0,
        tool: "send",
        input: '{"a":2,"b":1}',
        actionDigest: "send(a)",
        tree: "T1",
        businessKey: "of run/1/0",
        grants: ["g"],
      },
    ]);
  });
});

describe("outcomes", () => {
  it.each([
    [
      "applied",
      { outcome: "applied", result: { b: 1, a: 2 } },
      row("applied", "tool", { result: '{"a":2,"b":1}' }),
    ],
    ["not applied", { outcome: "notApplied" }, row("notApplied", "tool")],
    ["unknown", { outcome: "unknown" }, row("unknown", "tool")],
  ])("are what the tool said: %s", (_what, output, expected) => {
    expect(outcomesOf(reply("execute", output), inCommitting, settled, at)).toEqual(expected);
  });

  it.each([
    [
      "found applied",
      { found: "applied", result: null },
      settled,
      row("applied", "reconciliation", { result: "null" }),
    ],
    ["believed absent", { found: "absent" }, settled, row("notApplied", "reconciliation")],
    ["absent too early", { found: "absent" }, view("settling"), []],
    ["not known", { found: "unknown" }, view("settling"), []],
  ])("are what the tool answered when it was asked: %s", (_what, output, after, expected) => {
    expect(outcomesOf(reply("reconcile", output), view("reconciling"), after, at)).toEqual(expected);
  });

  it("are unknown when a dispatch was lost in a crash, and nothing when another call was", () => {
    expect(outcomesOf(event("host.recovered"), inCommitting, view("inDoubt"), at)).toEqual(
      row("unknown", "recovery"),
    );
    expect(outcomesOf(event("host.recovered"), view("reconciling"), view("reconciling"), at)).toEqual([]);
  });

  it("are unknown when a dispatch is left without an answer, whatever the reason", () => {
    for (const type of ["xstate.after.untilDue.loop.effect.committing", "host.failed"])
      expect(outcomesOf(event(type), inCommitting, view("inDoubt"), at)).toEqual(row("unknown", "timeout"));
    expect(outcomesOf(event("directive.abort"), inCommitting, inCommitting, at)).toEqual([]);
  });

  it("are of the attempt that a late reply names", () => {
    const late = (about: object) =>
      event("effect.lateOutcome", { key: "run/0/3", attempt: 1, result: "r", ...about });
    expect(outcomesOf(late({ outcome: "applied" }), view("assessing"), settled, at)).toEqual(
      row("applied", "late", { key: "run/0/3", attempt: 1, result: '"r"' }),
    );
    expect(outcomesOf(late({ outcome: "notApplied" }), view("assessing"), settled, at)).toEqual(
      row("notApplied", "late", { key: "run/0/3", attempt: 1 }),
    );
  });

  it("are a person's word, where it settled the doubt", () => {
    const word = (found: string) => event("directive.settle", { key: "run/1/0", found, result: "r" });
    const parked = { value: "escalated", context: view("x").context };
    expect(outcomesOf(word("applied"), parked, settled, at)).toEqual(
      row("applied", "person", { result: '"r"' }),
    );
    expect(outcomesOf(word("absent"), parked, settled, at)).toEqual(row("notApplied", "person"));
    expect(outcomesOf(word("applied"), parked, parked, at)).toEqual([]);
  });

  it("are none of an event that is about no effect", () => {
    const idle = { value: "acting", context: memory() };
    for (const one of [reply("act", {}), event("host.recovered"), event("directive.halt")])
      expect(outcomesOf(one, idle, idle, at)).toEqual([]);
  });
});
