import { expect, it } from "vitest";
import { fakeClock } from "../../../src/testing/fake-clock.ts";
import { after, unlessAborted, untilAborted } from "../../../src/testing/waiting.ts";

const stateOf = async (promise: Promise<unknown>): Promise<string> =>
  Promise.race([
    promise.then(
      () => "settled",
      (error: Error) => error.message,
    ),
    new Promise<string>((resolve) => setImmediate(() => resolve("waiting"))),
  ]);

it("waits until the signal aborts", async () => {
  const { signal, ...controller } = withSignal();
  const waiting = untilAborted(signal);
  expect(await stateOf(waiting)).toBe("waiting");
  controller.abort();
  expect(await stateOf(waiting)).toBe("enough");
  expect(await stateOf(untilAborted(signal))).toBe("enough");
});

it("waits by the clock, and one that hears the signal no longer than that", async () => {
  const clock = fakeClock();
  const { signal, ...controller } = withSignal();
  const stubborn = after(clock, 10);
  const quick = stateOf(unlessAborted(clock, 10, signal));
  controller.abort();
  expect([await quick, await stateOf(stubborn)]).toEqual(["enough", "waiting"]);
  expect(clock.waiting()).toEqual([10]);
  const patient = unlessAborted(clock, 10, withSignal().signal);
  clock.advance(10);
  expect([await stateOf(stubborn), await stateOf(patient)]).toEqual(["settled", "settled"]);
});

function withSignal() {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort(new Error("enough")) };
}
