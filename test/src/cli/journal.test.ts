import { expect, test } from "vitest";
import { endsTurn, entryOf, evidenceOf } from "../../../src/cli/journal.ts";
import { openMemoryStore } from "../../../src/store/index.ts";
import { verified } from "./events.ts";

const row = (event: string) => ({ seq: 1, at: 5, event });

test("reads a row, and keeps the kind of one that it does not know", () => {
  expect(entryOf(row('{"type":"host.recovered","at":5,"random":0}'))).toMatchObject({
    type: "host.recovered",
    event: { at: 5 },
  });
  expect(entryOf(row('{"type":"host.renamed","at":5}'))).toEqual({
    seq: 1,
    at: 5,
    type: "host.renamed",
    event: null,
  });
  expect(entryOf(row("no JSON"))).toMatchObject({ type: "unreadable", event: null });
});

test("finds the evidence of a verification, and says when it is gone", () => {
  const store = openMemoryStore();
  const evidence = store.putBlob(JSON.stringify([{ verifier: "tests" }]));
  expect(evidenceOf(store, verified({ evidence }))).toEqual([{ verifier: "tests" }]);
  expect(evidenceOf(store, verified({ evidence: "gone" }))).toBeNull();
  expect(evidenceOf(store, { type: "host.recovered", at: 1, random: 0 })).toBeNull();
});

test("ends a turn by the agent's answer or by its time-out, and by nothing else", () => {
  expect(endsTurn("xstate.done.actor.act")).toBe(true);
  expect(endsTurn("xstate.after.untilDue.loop.acting")).toBe(true);
  expect(endsTurn("xstate.done.actor.verify")).toBe(false);
  expect(endsTurn("xstate.after.untilDue.loop.waiting")).toBe(false);
});
