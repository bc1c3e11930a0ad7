import fc from "fast-check";
import { expect, it } from "vitest";
import { canonicalJson, digestOf } from "../../../../src/base/digest.ts";
import { resultBytesMax } from "../../../../src/base/limits.ts";
import { resultOf, wellFormed } from "../../../../src/engine/performers/result.ts";

const anyText = fc.string({ unit: "binary" }).map((text) => `${text}\ud83d`);

it("makes a canonical form of anything that JSON holds", () => {
  fc.assert(
    fc.property(fc.jsonValue({ stringUnit: "binary" }), anyText, (value, text) => {
      const whole = wellFormed({ value, [text]: text });
      expect(() => canonicalJson(whole)).not.toThrow();
      expect(wellFormed(whole)).toEqual(whole);
    }),
  );
});

it("keeps a result that fits as it is, with its digest", () => {
  expect(resultOf({ b: 1, a: [2] })).toEqual({
    result: { b: 1, a: [2] },
    resultDigest: digestOf({ a: [2], b: 1 }),
  });
});

it("keeps head and tail of one that does not, within the bound, whatever the script", () => {
  for (const text of ["x", "é", "漢", "😀"]) {
    const { result } = resultOf({ text: text.repeat(resultBytesMax) });
    expect(Buffer.byteLength(canonicalJson(result))).toBeLessThanOrEqual(resultBytesMax);
    expect(result).toMatch(/^\{"text"[\s\S]*left out[\s\S]*\}$/);
  }
});
