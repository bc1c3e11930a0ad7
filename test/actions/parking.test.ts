import { expect, it } from "vitest";
import {
  ask,
  closeQuestion,
  escalate,
  requestAbort,
  resume,
  setHalted,
  settle,
} from "../../actions/parking.ts";
import type { LoopState } from "../../actions/state.ts";
import { changed, memory } from "../helpers/memory.ts";

const doubt = { key: "run/1/0", attempts: [1], at: 1 };
const parked = changed(memory({ doubt }), (state) =>
  escalate(state, { reason: "noProgress", detail: "d", now: 5 }),
);

it("remembers why a person is needed", () => {
  expect(parked.escalation).toEqual({ reason: "noProgress", detail: "d", at: 5 });
});

it("counts a question, and voids the verdict while it is open", () => {
  const verdict = { result: "passed" as const, proposal: "p", tree: "T1", at: 1 };
  const asking = changed(memory({ verdict }), (state) => ask(state, { effectKey: "run/1/0", now: 7 }));
  expect(asking).toMatchObject({
    approval: { effectKey: "run/1/0", askedAt: 7 },
    spent: { questions: 1 },
    verdict: null,
  });
  expect(changed(asking, closeQuestion).approval).toBeNull();
});

it("starts the detectors and the failures afresh, but never ends a doubt by resuming", () => {
  const streak = { failures: 4, same: 2, fingerprint: "f", origin: "turn" as const };
  const busy = {
    ...parked,
    streak,
    progress: { ...parked.progress, best: 3, nudged: true },
    repetition: { ...parked.repetition, hit: true },
  };
  const resumed = changed(busy, (state) => resume(state, { say: "look again" }));
  expect(resumed).toMatchObject({
    escalation: null,
    doubt,
    streak: { failures: 0 },
    progress: { best: 3, nudged: false },
    repetition: { hit: false },
  });
  expect(resumed.feedback).toEqual([{ kind: "instruction", text: "look again" }]);
  expect(changed(busy, (state) => resume(state, { say: null })).feedback).toEqual([]);
});

it("keeps a person's words within bounds, the newest ones", () => {
  const often = Array.from({ length: 100 }).reduce<LoopState>(
    (state, _, i) => changed(state, (draft) => resume(draft, { say: `${i}` })),
    parked,
  );
  expect(often.feedback).toHaveLength(64);
  expect(often.feedback.at(-1)).toEqual({ kind: "instruction", text: "99" });
});

it("ends a doubt by settling it", () => {
  expect(changed(parked, settle)).toMatchObject({ doubt: null, escalation: null });
});

it("remembers a halt and an abort", () => {
  expect(changed(memory(), (state) => setHalted(state, { halted: true }), requestAbort)).toMatchObject({
    halted: true,
    abortRequested: true,
  });
  expect(changed(memory({ halted: true }), (state) => setHalted(state, { halted: false })).halted).toBe(
    false,
  );
});
