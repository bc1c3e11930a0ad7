import { expect, it } from "vitest";
import { hasWord, say, userName } from "../../../src/engine/words.ts";
import { loopOf, stageEngine } from "./stage.ts";

const parked = async () => {
  const engine = await stageEngine();
  const run = await engine.start(loopOf({ turns: [{ claim: "stuck" }] }), { goal: "ask" });
  await run.outcome;
  await run.pause();
  let polls = 0;
  const host = {
    poll: () => {
      polls += 1;
    },
  };
  const clock = { now: () => 7, random: () => 0.5 };
  return {
    core: { store: engine.store, host, clock } as never,
    store: engine.store,
    runId: run.id,
    polls: () => polls,
  };
};

it("posts a word, unsigned, in somebody's name, and has the host look", async () => {
  const { core, store, runId, polls } = await parked();
  expect(hasWord(store, runId)).toBe(false);
  say(core, runId, "ann", { type: "directive.abort", reason: "enough" });
  say(core, runId, undefined, { type: "directive.halt", reason: "freeze" });
  expect(store.directives([runId]).map(({ event }) => JSON.parse(event))).toMatchObject([
    { type: "directive.abort", by: "ann", signed: false, at: 7 },
    { type: "directive.halt", by: userName() },
  ]);
  expect(polls()).toBe(2);
  expect(hasWord(store, runId)).toBe(true);
});

it("posts nothing that is no word, and knows such rows", async () => {
  const { core, store, runId } = await parked();
  expect(() => say(core, runId, "ann", { type: "directive.abort" })).toThrow();
  for (const event of ["", "{", "[]", '{"type":"directive.dance"}']) store.post({ runId, at: 1, event });
  expect(hasWord(store, runId)).toBe(false);
});
