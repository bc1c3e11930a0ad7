import { readdirSync, readFileSync } from "node:fs";
import { afterEach, expect, test } from "vitest";
import { openPlace, patternOf, stepsOf } from "./transcript.ts";

// Each Markdown file beside this one is a session at the terminal, run command by command in a place of its own.
const files = readdirSync(import.meta.dirname).filter((name) => name.endsWith(".md"));
const places: ReturnType<typeof openPlace>[] = [];

afterEach(() => {
  for (const place of places.splice(0)) place.close();
});

test.each(files)("prints what %s says", { timeout: 900_000 }, (file) => {
  const place = openPlace();
  places.push(place);
  const steps = stepsOf(readFileSync(`${import.meta.dirname}/${file}`, "utf8"));
  expect(steps.length).toBeGreaterThan(0);
  for (const { command, expected } of steps) {
    const actual = place.run(command);
    // Compared as text only where the pattern does not fit, so that the difference is shown.
    if (!patternOf(expected).test(`${actual}\n`))
      expect(`$ ${command}\n${actual}`).toBe(`$ ${command}\n${expected}`);
  }
});

test("tells a wrong line from a right one", () => {
  const pattern = patternOf("run … of loop\n…\n[exit 3]");
  expect(pattern.test("run 7 of loop\nmore\nand more\n[exit 3]\n")).toBe(true);
  expect(pattern.test("run 7 of loop\n[exit 3]\n")).toBe(true);
  expect(pattern.test("run 7 of loop\nmore\n[exit 0]\n")).toBe(false);
});
