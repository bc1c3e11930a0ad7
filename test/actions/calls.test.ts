import { expect, it } from "vitest";
import { clearTimer, closeCall, openCall, setTimer } from "../../actions/calls.ts";
import { changed, memory } from "../helpers/memory.ts";

const open = changed(memory(), (state) => openCall(state, { now: 100, timeoutMs: 50 }));

it("numbers the calls and sets their time-out", () => {
  expect(open).toMatchObject({ calls: 1, call: { id: "1", openedAt: 100 }, dueAt: 150 });
  expect(changed(open, (state) => openCall(state, { now: 120, timeoutMs: 50 })).call?.id).toBe("2");
});

it("charges a call's time, at most up to its time-out and never less than nothing", () => {
  const spent = (now: number) => changed(open, (state) => closeCall(state, { now })).spent.activeMs;
  expect([spent(130), spent(9_999), spent(90)]).toEqual([30, 50, 0]);
});

it("charges nothing where no call was open", () => {
  expect(changed(memory(), (state) => closeCall(state, { now: 130 })).spent.activeMs).toBe(0);
});

it("leaves neither call nor timer behind", () => {
  expect(changed(open, (state) => closeCall(state, { now: 130 }))).toMatchObject({ call: null, dueAt: null });
  const waiting = changed(memory(), (state) => setTimer(state, { now: 100, delayMs: 5 }));
  expect(waiting).toMatchObject({ setAt: 100, dueAt: 105 });
  expect(changed(waiting, (state) => clearTimer(state, { now: 103 }))).toMatchObject({
    setAt: 103,
    dueAt: null,
  });
});
