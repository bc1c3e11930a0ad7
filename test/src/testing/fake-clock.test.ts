import { expect, it } from "vitest";
import { fakeClock } from "../../../src/testing/fake-clock.ts";

it("calls back in the order in which things come due, each at its time", () => {
  const clock = fakeClock(1_000);
  const heard: [string, number][] = [];
  clock.after(50, () => heard.push(["late", clock.now()]));
  clock.after(10, () => {
    heard.push(["early", clock.now()]);
    clock.after(15, () => heard.push(["next", clock.now()]));
  });
  clock.advance(30);
  expect(heard).toEqual([
    ["early", 1_010],
    ["next", 1_025],
  ]);
  expect(clock.now()).toBe(1_030);
  expect(clock.waiting()).toEqual([20]);
});

it("forgets what was cancelled, and calls nobody when it is set", () => {
  const clock = fakeClock();
  const heard: string[] = [];
  clock.after(5, () => heard.push("cancelled"))();
  clock.after(5, () => heard.push("kept"));
  clock.set(clock.now() + 100);
  expect(heard).toEqual([]);
  clock.advance(0);
  expect(heard).toEqual(["kept"]);
});
