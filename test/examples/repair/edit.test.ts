import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { applyEdits, collide, difference, moved } from "../../../examples/repair/agent/edit.ts";

const text = fc.string({ unit: fc.constantFrom("a", "b", "c", "\n"), maxLength: 30 });

describe("edits", () => {
  it("finds the difference that leads from one text to another", () => {
    fc.assert(fc.property(text, text, (from, to) => applyEdits(from, [difference(from, to)]) === to));
  });

  it("makes edits by the positions of the text before, in any order", () => {
    const edits = [
      { start: 4, end: 5, text: "XY" },
      { start: 0, end: 1, text: "" },
    ];
    expect(applyEdits("abcdef", edits)).toBe("bcdXYf");
  });

  it("moves an edit so that it does the same after another one", () => {
    const edit = fc
      .tuple(fc.nat(30), fc.nat(3), text)
      .map(([start, length, to]) => ({ start, end: start + length, text: to }));
    fc.assert(
      fc.property(edit, edit, (one, made) => {
        const source = "0123456789".repeat(4);
        const after = moved(one, made);
        fc.pre(after !== null && !collide(one, made));
        expect(applyEdits(applyEdits(source, [made]), [after!])).toBe(applyEdits(source, [one, made]));
      }),
    );
  });

  it("gives up an edit whose characters were changed again", () => {
    expect(moved({ start: 2, end: 5, text: "" }, { start: 4, end: 6, text: "x" })).toBeNull();
  });
});
