import { describe, expect, it } from "vitest";
import { z } from "zod";
import type { Tool } from "../../../src/ports/tool.ts";
import { misfitOf, samplesOf } from "../../../src/testing/sample.ts";
import { toolOf } from "../../helpers/checking.ts";

const taking = (input: z.ZodType): Tool => toolOf("tool", { input } as Partial<Tool>);

describe("samples", () => {
  it.each<[string, z.ZodType, number]>([
    ["an object", z.strictObject({ order: z.string().min(3).max(20), cents: z.int().min(5) }), 64],
    ["optional fields", z.object({ maybe: z.string().optional(), kind: z.enum(["a", "b", "c"]) }), 3],
    ["formats", z.object({ mail: z.email(), link: z.url(), id: z.uuid(), day: z.iso.date() }), 64],
    ["a time", z.object({ at: z.iso.datetime() }), 28],
    ["numbers", z.object({ n: z.number().gt(3).lt(9), even: z.int().multipleOf(2) }), 5],
    ["a choice", z.union([z.literal("x"), z.number()]), 1],
    ["a list", z.object({ tags: z.array(z.string()).min(2), pair: z.tuple([z.string(), z.boolean()]) }), 64],
    ["a record", z.record(z.string(), z.number()), 1],
    ["anything", z.unknown(), 64],
    ["parts together", z.intersection(z.object({ a: z.string() }), z.object({ b: z.int() })), 64],
    ["nothing", z.null(), 1],
  ])("of %s fit it, and differ", (_name, input, count) => {
    const samples = samplesOf(taking(input));
    expect(samples.filter((one) => !input.safeParse(one).success)).toEqual([]);
    expect(new Set(samples.map((one) => JSON.stringify(one))).size).toBe(count);
    expect(samples).toHaveLength(count);
  });

  it("are those that are given", () => {
    const tool = taking(z.object({ iban: z.string().regex(/^[A-Z]{2}\d+$/) }));
    expect(() => samplesOf(tool)).toThrow("no arguments for tool can be made from its schema");
    expect(samplesOf(tool, [{ iban: "DE1" }])).toEqual([{ iban: "DE1" }]);
    expect(() => samplesOf(tool, [{ iban: "DE1" }, { iban: "1" }])).toThrow("given for tool do not fit");
  });
});

it("finds arguments that do not fit, where there are any", () => {
  const tool = taking(z.object({ n: z.number() }));
  expect(tool.input.safeParse(misfitOf(tool)).success).toBe(false);
  expect(misfitOf(taking(z.unknown()))).toBeUndefined();
});
