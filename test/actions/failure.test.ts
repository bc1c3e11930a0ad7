import { expect, it } from "vitest";
import { recordFailure, tellFailure } from "../../actions/failure.ts";
import type { FailureRecord, LoopState } from "../../actions/state.ts";
import { changed, memory } from "../helpers/memory.ts";

const failed = (some: Partial<FailureRecord> = {}): FailureRecord => ({
  origin: "turn",
  errorClass: "unavailable",
  message: "busy",
  retryAfterMs: null,
  fingerprint: "f",
  score: null,
  ...some,
});
const record = (before: LoopState, some?: Partial<FailureRecord>) =>
  changed(before, (state) => recordFailure(state, { failure: failed(some) }));

it("counts failures in a row, equal ones apart", () => {
  const second = record(record(memory()));
  expect(second.streak).toMatchObject({ failures: 2, same: 2 });
  expect(record(second, { fingerprint: "g" }).streak).toMatchObject({ failures: 3, same: 1 });
});

it("does not take equal evidence of another class for the same failure", () => {
  expect(record(record(memory()), { errorClass: "timeout" }).streak).toMatchObject({ failures: 2, same: 1 });
});

it("tells the agent what failed, a verdict with its score", () => {
  const told = (some?: Partial<FailureRecord>) => changed(record(memory(), some), tellFailure).feedback;
  expect(told()).toEqual([{ kind: "failure", errorClass: "unavailable", text: "busy" }]);
  expect(told({ errorClass: "verificationFailed", score: 2 })).toEqual([
    { kind: "verificationFailed", text: "busy", score: 2 },
  ]);
});

it("tells nothing where nothing failed", () => {
  expect(changed(memory(), tellFailure).feedback).toEqual([]);
});

it("keeps what it tells within bounds", () => {
  const often = Array.from({ length: 200 }).reduce<LoopState>(
    (state) => changed(record(state), tellFailure),
    memory(),
  );
  expect(often.feedback).toHaveLength(64);
});
