import { expect, it } from "vitest";
import { LoopwrightError } from "../../../src/base/errors.ts";
import { storeError } from "../../../src/store/sqlite-errors.ts";

it.each([
  [5, "locked"],
  [8, "can only be read"],
  [10, "I/O error"],
  [266, "I/O error"],
  [11, "damaged"],
  [13, "disk is full"],
  [14, "cannot be opened"],
  [26, "not a Loopwright store"],
])("says of code %d that it is %s", (errcode, words) => {
  const error = storeError("/s.db", Object.assign(new Error("sqlite"), { errcode }));
  expect(error).toMatchObject({ code: "store", field: "/s.db" });
  expect(error.message).toContain(words);
  expect(error.fix).not.toBe("");
});

it("keeps the words of an error it does not know", () => {
  expect(storeError("/s.db", new Error("strange")).message).toContain("strange");
});

it("passes an error for a person on", () => {
  const error = new LoopwrightError({ code: "store", message: "m", fix: "f" });
  expect(storeError("/s.db", error)).toBe(error);
});
