import { expect, it } from "vitest";
import type { VerifyContext, VerifyRequest } from "../../../src/ports/verifier.ts";
import { fakeClock, scriptedVerifier } from "../../../src/testing/index.ts";

const contextOf = (signal = new AbortController().signal) => ({ signal }) as VerifyContext;
const step = (number: number) => ({ step: number }) as VerifyRequest;

it("answers by the step, however often it is asked", async () => {
  const verifier = scriptedVerifier({ verdicts: ["failed", "unverifiable"], metrics: { failing: 3 } });
  const answers = [];
  for (const n of [1, 2, 2, 1, 3]) answers.push((await verifier.verify(step(n), contextOf())).verdict);
  expect(answers).toEqual(["failed", "unverifiable", "unverifiable", "failed", "passed"]);
  expect(verifier.asked.map((request) => request.step)).toEqual([1, 2, 2, 1, 3]);
  expect((await verifier.verify(step(1), contextOf())).metrics).toEqual({ failing: 3 });
});

it("takes the evidence that the script gives", async () => {
  const verifier = scriptedVerifier({
    verdicts: [{ verdict: "failed", fingerprint: "mine", summary: "no" }],
  });
  expect(await verifier.verify(step(1), contextOf())).toMatchObject({
    verdict: "failed",
    fingerprint: "mine",
    summary: "no",
  });
});

it("breaks, and hangs until it is aborted", async () => {
  const verifier = scriptedVerifier({ name: "mine", verdicts: ["throws", "hangs"] });
  await expect(verifier.verify(step(1), contextOf())).rejects.toThrow("mine broke");
  const controller = new AbortController();
  const hanging = verifier.verify(step(2), contextOf(controller.signal));
  controller.abort(new Error("enough"));
  await expect(hanging).rejects.toThrow("enough");
});

it("is slow by the clock", async () => {
  const clock = fakeClock();
  const verifier = scriptedVerifier({ verdicts: [{ verdict: "passed", afterMs: 500 }], clock });
  const answer = verifier.verify(step(1), contextOf());
  expect(clock.waiting()).toEqual([500]);
  clock.advance(500);
  expect(await answer).toMatchObject({ verdict: "passed", durationMs: 500 });
});
