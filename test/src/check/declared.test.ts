import { expect, it } from "vitest";
import { declaredProperties } from "../../../src/check/declared.ts";
import { never, runs } from "../../../src/check/index.ts";

it("takes a list of properties, or nothing", () => {
  const mine = never({ name: "mine", says: "Nothing runs." }, runs());
  expect(declaredProperties([mine], "loop.ts")).toEqual([mine]);
  expect(declaredProperties(undefined, "loop.ts")).toEqual([]);
});

it.each([[null], ["no mail"], [{}], [[{ name: "mine" }]], [[null]]])(
  "refuses %j, saying what to write",
  (exported) => {
    expect(() => declaredProperties(exported, "loop.ts")).toThrow(
      expect.objectContaining({
        field: "properties",
        fix: expect.stringContaining("export const properties"),
      }),
    );
  },
);
