import { z } from "zod";
import { canonicalJson } from "../base/digest.ts";
import { LoopwrightError } from "../base/errors.ts";
import type { Json } from "../ports/json.ts";
import type { Tool } from "../ports/tool.ts";

/** As much of JSON Schema as samples are made from. */
type Schema = {
  type?: string | readonly string[];
  const?: Json;
  enum?: readonly Json[];
  anyOf?: readonly Schema[];
  oneOf?: readonly Schema[];
  allOf?: readonly Schema[];
  properties?: Readonly<Record<string, Schema>>;
  required?: readonly string[];
  items?: Schema;
  prefixItems?: readonly Schema[];
  minItems?: number;
  minLength?: number;
  maxLength?: number;
  format?: string;
  minimum?: number;
  exclusiveMinimum?: number;
  maximum?: number;
  multipleOf?: number;
};

const twoDigits = (n: number): string => String((n % 28) + 1).padStart(2, "0");

const texts: Readonly<Record<string, (n: number) => string>> = {
  email: (n) => `person${n}@example.org`,
  uri: (n) => `https://example.org/${n}`,
  uuid: (n) => `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`,
  date: (n) => `2026-01-${twoDigits(n)}`,
  "date-time": (n) => `2026-01-${twoDigits(n)}T00:00:00Z`,
  time: (n) => `00:00:${twoDigits(n)}`,
  ipv4: (n) => `192.0.2.${n % 256}`,
};

function textOf({ format = "", minLength = 0, maxLength = 1_000 }: Schema, n: number): string {
  const text = texts[format]?.(n) ?? `text ${n}`;
  return text.padEnd(minLength, ".").slice(0, maxLength);
}

function numberOf({ minimum, exclusiveMinimum, maximum, multipleOf = 1 }: Schema, n: number): number {
  const least = minimum ?? (exclusiveMinimum === undefined ? 0 : exclusiveMinimum + multipleOf);
  // Whole numbers have the range of a double where nothing else is said.
  const first = least < Number.MIN_SAFE_INTEGER / 2 ? 0 : Math.ceil(least / multipleOf) * multipleOf;
  const wanted = first + n * multipleOf;
  return maximum === undefined ? wanted : Math.min(wanted, maximum);
}

function arrayOf({ prefixItems = [], items = {}, minItems = 0 }: Schema, n: number): Json[] {
  const rest = Math.max(0, minItems - prefixItems.length);
  return [...prefixItems, ...Array.from({ length: rest }, () => items)].map((item, i) =>
    sampleOf(item, n + i),
  );
}

const objectOf = ({ properties = {}, required = [] }: Schema, n: number): Json =>
  Object.fromEntries(required.map((name) => [name, sampleOf(properties[name] ?? {}, n)]));

/** One schema of several that hold together. */
const joined = (parts: readonly Schema[]): Schema => ({
  ...(Object.assign({}, ...parts) as Schema),
  properties: Object.assign({}, ...parts.map(({ properties }) => properties)) as Record<string, Schema>,
  required: parts.flatMap(({ required = [] }) => required),
});

/** The n-th value that fits a schema, as far as its patterns and refinements do not ask for more. */
function sampleOf(schema: Schema, n: number): Json {
  if (schema.const !== undefined) return schema.const;
  if (schema.enum !== undefined) return schema.enum[n % schema.enum.length] ?? null;
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices !== undefined) return sampleOf(choices[0] ?? {}, n);
  if (schema.allOf !== undefined) return sampleOf(joined(schema.allOf), n);
  const { type } = schema;
  switch (typeof type === "string" || type === undefined ? type : type[0]) {
    case "string":
      return textOf(schema, n);
    case "integer":
    case "number":
      return numberOf(schema, n);
    case "boolean":
      return n % 2 === 0;
    case "array":
      return arrayOf(schema, n);
    case "object":
      return objectOf(schema, n);
    case "null":
      return null;
    default:
      return { sample: n };
  }
}

function guesses(tool: Tool): Json[] {
  const schema = z.toJSONSchema(tool.input, { unrepresentable: "any", io: "input" }) as Schema;
  return Array.from({ length: 64 }, (_, n) => sampleOf(schema, n));
}

/**
 * Different arguments that a tool takes: those that are given, else made from its schema. Refuses (`usage`) a tool for
 * which neither gives any, and one whose given arguments do not fit.
 */
export function samplesOf(tool: Tool, given: readonly Json[] = []): readonly Json[] {
  const fits = (input: Json): boolean => tool.input.safeParse(input).success;
  const all = given.length > 0 ? given : guesses(tool);
  const distinct = new Map(all.filter(fits).map((input) => [canonicalJson(input), input]));
  if (distinct.size > 0 && (given.length === 0 || given.every(fits))) return [...distinct.values()];
  throw new LoopwrightError({
    code: "usage",
    field: `inputs.${tool.name}`,
    message:
      given.length > 0
        ? `the arguments given for ${tool.name} do not fit its schema`
        : `no arguments for ${tool.name} can be made from its schema`,
    fix: `give some: contractTests(contract, { inputs: { ${JSON.stringify(tool.name)}: [{ … }] } })`,
  });
}

/** Arguments that a tool does not take, or `undefined` where it takes everything. */
export const misfitOf = (tool: Tool): Json | undefined =>
  [null, "nonsense", -1, [], { nonsense: true }, {}].find((input) => !tool.input.safeParse(input).success);
