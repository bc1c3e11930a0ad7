import { expect, test } from "vitest";
import type { AnyStateNode } from "xstate";
import type { JournalEvent } from "../../../../machines/events.ts";
import { createCallMachine, createLoopMachine } from "../../../../machines/index.ts";
import { LoopRules } from "../../../../machines/rules.ts";
import { tell } from "../../../../src/cli/render/told.ts";
import { acted, executed, failure, verified } from "../events.ts";

const stamp = { at: 1, random: 0 };
const person = { ...stamp, by: "ada", signed: false };
const reply = { ...stamp, callId: "1" };
const facts = {
  tree: null,
  inputValid: true,
  inScope: true,
  permitted: true,
  policy: "allow" as const,
  grants: [],
  appliedBefore: null,
  duplicateOf: null,
  usedBefore: false,
  halted: false,
};
const assessed = (parts: object): JournalEvent => ({
  type: "xstate.done.actor.assess",
  actorId: "assess",
  output: { ...reply, actionDigest: "d", facts: { ...facts, ...parts }, recorded: null },
});

test.each<[JournalEvent, string]>([
  [acted(), "agent: nothing proposed, nothing changed"],
  [
    acted({ changed: true, claim: "done" }, { note: "fixed it" }),
    "agent: fixed it (changed the workspace, claims that it is done)",
  ],
  [verified({ result: "failed", summary: "2 fail\nlong output", score: 2 }), "checks failed [2]: 2 fail"],
  [verified({ purpose: "goal", summary: "all pass" }), "goal checks passed: all pass"],
  [
    verified({ purpose: "baseline", result: "failed", summary: "5 fail", score: 5 }),
    "baseline measured [5]: 5 fail",
  ],
  [
    executed({ outcome: "applied", result: { commit: "1" }, resultDigest: "d" }),
    "effect applied {commit: 1}",
  ],
  [executed({ outcome: "unknown", failure, fingerprint: "f" }), "effect in doubt, timeout: no answer"],
  [executed({ outcome: "notApplied", failure, fingerprint: "f" }), "effect not applied, timeout: no answer"],
  [assessed({ inScope: false, policy: "forbid" }), "gate: out of scope, the policy forbids it"],
  [{ type: "xstate.after.untilDue.loop.acting", ...stamp }, "acting took too long"],
  [{ type: "xstate.after.untilDue.loop.effect.settling", ...stamp }, "the wait is over"],
  [
    { type: "xstate.after.untilDue.loop.effect.awaitingApproval", ...stamp },
    "nobody answered in time; silence is never consent",
  ],
  [{ type: "host.recovered", ...stamp }, "went on after an interruption; what was in flight starts over"],
  [
    { type: "commit.refused", ...stamp, reason: "halted" },
    "the store refused the dispatch: a halt is in force",
  ],
  [
    { type: "directive.resume", ...person, say: "go on", raise: { steps: 5, costMicroUsd: 500_000 } },
    "resumed by ada (unsigned), raising steps +5, cost +$0.50, saying: go on",
  ],
  [
    { type: "directive.settle", ...person, signed: true, key: "7/1/0", found: "absent", result: null },
    "settled as absent by ada: 7/1/0",
  ],
  [{ type: "directive.abort", ...person, reason: "enough" }, "aborted by ada (unsigned): enough"],
  [
    { type: "effect.lateOutcome", ...stamp, key: "7/1/0", attempt: 1, outcome: "applied", result: null },
    "late answer about 7/1/0, attempt 1: applied",
  ],
])("tells %j in words", (event, text) => {
  expect(tell(event)?.text).toBe(text);
});

test("tells nothing about a gate that nothing stands in the way of", () => {
  expect(tell(assessed({}))).toBeNull();
});

test("never lets hostile text through", () => {
  const nasty = "\u001b]0;title\u0007\u202e";
  const event = acted({ actions: [{ tool: nasty, input: nasty, digest: "d" }] }, { note: nasty });
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not come through
  expect(tell(event)?.text).not.toMatch(/[\u0000-\u001f\u202e]/);
});

test("has a sentence for every timer of the charts", () => {
  const within = (node: AnyStateNode): AnyStateNode[] => [
    node,
    ...Object.values(node.states).flatMap(within),
  ];
  const states = [createLoopMachine, createCallMachine].flatMap((create) =>
    within(create(LoopRules.parse({})).root as AnyStateNode),
  );
  const timers = new Set(states.flatMap(({ after }) => after.map(({ eventType }) => eventType)));
  const told = [...timers].map((type) => tell({ type, ...stamp } as JournalEvent)?.text);
  expect(new Set(told)).toEqual(
    new Set([
      "the wait is over",
      "nobody answered in time; silence is never consent",
      "nobody came in time; the run is stopped",
      ...["measuring", "acting", "verifying", "assessing", "observing"].map(
        (name) => `${name} took too long`,
      ),
      ...["committing", "reconciling", "confirming"].map((name) => `${name} took too long`),
    ]),
  );
});

test("tells an action by its name and the gist of its arguments, on one line", () => {
  const message = `Repair the parser\n\n- ${"and so on ".repeat(100)}`;
  const action = { tool: "git.commit", input: { message, sign: false, tags: ["a"] }, digest: "d" };
  const turn = { claim: null, actions: [action], proposal: "p", tree: null, changed: false };
  const told = tell({
    type: "xstate.done.actor.act",
    actorId: "act",
    output: {
      kind: "turn",
      at: 1,
      random: 0,
      callId: "1",
      turn,
      usage: null,
      memory: null,
      note: null,
      transcript: null,
    },
  });
  expect(told?.text).toBe(
    'agent: proposes git.commit {message: Repair the parser, sign: false, tags: ["a"]}',
  );
});
