import { expect, it } from "vitest";
import { endlessTurn } from "../../../src/testing/index.ts";

it("has a turn that never ends by itself", async () => {
  const turn = (endlessTurn as () => Promise<unknown>)();
  const first = await Promise.race([turn, new Promise((resolve) => setImmediate(() => resolve("waiting")))]);
  expect(first).toBe("waiting");
});
