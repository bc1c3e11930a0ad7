import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bounded, visible } from "../../../src/base/text.ts";

describe("bounded", () => {
  it("leaves a short text alone", () => {
    expect(bounded("short", 100)).toBe("short");
  });

  it("keeps head and tail of a long one and says how much is gone", () => {
    const text = bounded(`${"a".repeat(500)}${"z".repeat(500)}`, 200);
    expect(text).toMatch(/^a+\n… 800 characters left out …\nz+$/);
    expect(text.length).toBeLessThanOrEqual(200);
  });

  it("never leaves half a character, neither cut nor given", () => {
    for (const text of ["😀".repeat(301), `a${"😀".repeat(300)}`, "\ud83d"])
      expect(bounded(text, 200).isWellFormed()).toBe(true);
  });

  it("never exceeds its bound", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 400 }), fc.integer({ min: 60, max: 200 }), (text, max) => {
        expect(bounded(text, max).length).toBeLessThanOrEqual(max);
      }),
    );
  });
});

describe("visible", () => {
  it.each([
    ["\u001b[31mred", "\\u{1b}[31mred"],
    ["a\u202eb", "a\\u{202e}b"],
    ["a\u200bb", "a\\u{200b}b"],
    ["\u0007", "\\u{7}"],
    ["a\rb", "a\\u{d}b"],
  ])("shows %j as %s", (hostile, shown) => {
    expect(visible(hostile)).toBe(shown);
  });

  it("leaves lines, tabs and letters of all scripts alone", () => {
    expect(visible("a\tb\nä 漢 🎉")).toBe("a\tb\nä 漢 🎉");
  });
});
