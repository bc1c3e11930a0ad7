import { expect, it } from "vitest";
import { isLoopwrightError, LoopwrightError, messageOf } from "../../../src/base/errors.ts";

it("carries code, field, message, fix and cause", () => {
  const cause = new Error("deep");
  const error = new LoopwrightError({
    code: "store",
    field: "--store",
    message: "broken",
    fix: "mend it",
    cause,
  });
  expect(error).toMatchObject({
    name: "LoopwrightError",
    code: "store",
    field: "--store",
    message: "broken",
    fix: "mend it",
    cause,
  });
  expect(isLoopwrightError(error)).toBe(true);
  expect(isLoopwrightError(cause)).toBe(false);
});

it("gives the text of anything thrown", () => {
  expect(messageOf(new Error("a"))).toBe("a");
  expect(messageOf("b")).toBe("b");
  expect(messageOf(null)).toBe("null");
});

it("gives a whole text whatever was thrown", () => {
  expect(messageOf(undefined)).toBe("undefined");
  expect(messageOf(Object.create(null))).toBe("something was thrown that has no text");
  expect(messageOf(Object.assign(new Error(), { message: 7 }))).toBe("7");
  expect(messageOf("half \ud83d")).toBe("half \ufffd");
});
