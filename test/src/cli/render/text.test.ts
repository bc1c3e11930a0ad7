import { spawnSync } from "node:child_process";
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  block,
  cut,
  jsonLine,
  jsonText,
  labelled,
  oneLine,
  padTo,
  quoted,
  widthOf,
  wrap,
} from "../../../../src/cli/render/text.ts";

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not come through
const dangerous = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;
const hostile = fc.string({
  unit: fc.constantFrom("a", "宽", "\u001b", "\n", "\r", "\u009b", "\u202e", "👍", "\u0301", " "),
});

test("makes one harmless line of anything", () => {
  fc.assert(fc.property(hostile, (text) => !dangerous.test(oneLine(text)) && !oneLine(text).includes("\n")));
  expect(oneLine("a\n\tb  c")).toBe("a b c");
  expect(oneLine("x".repeat(50), 10)).toBe(`${"x".repeat(9)}…`);
});

test("never cuts to more columns than there are", () => {
  fc.assert(fc.property(hostile, fc.nat(30), (text, columns) => widthOf(cut(text, columns)) <= columns));
  expect(cut("宽宽宽", 5)).toBe("宽宽…");
});

test("pads by columns, not by characters", () => {
  expect(widthOf(padTo("宽", 6))).toBe(6);
});

test("keeps JSON readable as JSON, with nothing in it that a terminal obeys", () => {
  fc.assert(
    fc.property(hostile, (text) => {
      const line = jsonLine({ text });
      return JSON.parse(line).text === text && !dangerous.test(line.slice(0, -1));
    }),
  );
  expect(jsonText({ a: 1 })).toBe('{"a":1}');
});

test("bounds a block of output and keeps its lines", () => {
  expect(block("a\nb\n\n")).toEqual(["a", "b"]);
  expect(block("x".repeat(100_000)).join("\n").length).toBeLessThan(10_000);
});

test("wraps between words and indents under a label", () => {
  expect(wrap("one two three", 7)).toEqual(["one two", "three"]);
  expect(labelled("spent", "one two three four five", { indent: 8, columns: 20 })).toEqual([
    "spent   one two three four",
    "        five",
  ]);
});

test("quotes a word so that a shell reads it back", () => {
  const word = `it's $HOME "and" more; \\`;
  const { stdout } = spawnSync("sh", ["-c", `printf %s ${quoted(word)}`], { encoding: "utf8" });
  expect(stdout).toBe(word);
  expect(quoted("src/loop.ts")).toBe("src/loop.ts");
});
