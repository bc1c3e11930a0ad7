import { expect, it } from "vitest";
import { parseJson } from "../../../src/agents/parse-json.ts";

it("returns the value of a JSON text and undefined for anything else", () => {
  expect(parseJson('{"a":[null]}')).toEqual({ a: [null] });
  expect(parseJson("null")).toBeNull();
  expect(parseJson("")).toBeUndefined();
  expect(parseJson('{"a":')).toBeUndefined();
});
