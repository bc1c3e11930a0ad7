import fc from "fast-check";
import { expect, it } from "vitest";
import { canonicalJson, digestBytes, digestOf } from "../../../src/base/digest.ts";

it("writes the example of RFC 8785 as the RFC does", () => {
  const value = { numbers: [333333333.3333333, 1e30, 4.5, 2e-3, 1e-27], literals: [null, true, false] };
  expect(canonicalJson(value)).toBe(
    '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27]}',
  );
});

it("does not depend on the order of keys, and says the same as JSON", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
      const shuffled = Object.fromEntries(Object.entries(value).reverse());
      expect(digestOf(shuffled)).toBe(digestOf(value));
      expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

it("refuses what has no JSON form", () => {
  expect(() => canonicalJson(undefined)).toThrow("no JSON form");
});

it("is SHA-256", () => {
  expect(digestBytes("")).toBe("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
});
