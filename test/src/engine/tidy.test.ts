import { expect, it } from "vitest";
import { tidy } from "../../../src/engine/tidy.ts";

it("tidies up in the background, whatever comes of it", async () => {
  const tidying = new Set<Promise<void>>();
  let closed = 0;
  tidy({ tidying }, async () => {
    closed += 1;
  });
  tidy({ tidying }, () => Promise.reject(new Error("busy")));
  tidy({ tidying }, () => {
    throw new Error("at once");
  });
  tidy({ tidying }, () => undefined);
  expect(tidying.size).toBe(4);
  await Promise.all(tidying);
  expect([closed, tidying.size]).toEqual([1, 0]);
});
