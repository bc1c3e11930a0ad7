import { expect, test } from "vitest";
import { LoopwrightError } from "../../../../src/base/errors.ts";
import { errorLines, errorRecord } from "../../../../src/cli/render/error.ts";
import { plain } from "../stage.ts";

const style = { color: plain, debug: false };
const details = { code: "usage" as const, message: "bad", fix: "do it right" };

test("shows message, field and fix", () => {
  expect(errorLines(new LoopwrightError({ ...details, field: "--x" }), style)).toEqual([
    "error: bad",
    "  at:  --x",
    "  fix: do it right",
  ]);
});

test("does not repeat a field that the message names", () => {
  expect(
    errorLines(new LoopwrightError({ ...details, message: "--x is bad", field: "--x" }), style),
  ).toHaveLength(2);
});

test("fits on a screen and is harmless, however long the message", () => {
  const message = Array(1_000).fill("line \u001b[2J").join("\n");
  const lines = errorLines(new LoopwrightError({ ...details, message }), style);
  expect(lines.length).toBeLessThan(24);
  expect(lines.join("\n")).not.toContain("\u001b");
});

test("gives an unexpected error a code for programs", () => {
  expect(errorRecord(new Error("oops"))).toEqual({ kind: "error", code: "internal", message: "oops" });
  expect(errorLines("oops", style)[0]).toBe("internal error: oops");
});
