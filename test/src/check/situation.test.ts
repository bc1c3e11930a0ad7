import { expect, it } from "vitest";
import { searched } from "../../../src/check/check.ts";
import { classOf, stampAt, toolNamed } from "../../../src/check/situation.ts";
import { references } from "../../helpers/checking.ts";

it("knows tools and their classes by name, and takes one that nobody declared at its worst", () => {
  const { world } = searched(references.never!);
  expect(toolNamed(world.rules, "keyed").effect).toBe("write");
  expect(toolNamed(world.rules, "nobody")).toMatchObject({ effect: "destructive", repeat: "never" });
  expect(classOf(world, "keyed").dedupe).toBe(true);
  expect(stampAt(5)).toEqual({ at: 5, random: expect.any(Number) });
});
