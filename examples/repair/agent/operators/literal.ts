import type { Literal } from "acorn";
import type { Syntax } from "../syntax.ts";
import { type Operator, type Proposal, parentOf, replace } from "./operator.ts";

const otherLiterals = (syntax: Syntax, wanted: "number" | "string"): Literal[] =>
  syntax.sites
    .map(({ node }) => node)
    .filter((node) => node.type === "Literal" && typeof node.value === wanted) as Literal[];

const unique = <T>(values: readonly T[]): T[] => [...new Set(values)];

/** Numbers one more, one less, negated, or as elsewhere in the file. */
function numbers(node: Literal, syntax: Syntax): Proposal[] {
  const value = node.value as number;
  const near = Number.isInteger(value) ? [value + 1, value - 1] : [];
  const elsewhere = otherLiterals(syntax, "number").map((other) => other.value as number);
  return unique([...near, ...elsewhere])
    .filter((other) => other !== value)
    .map((other) => ({
      ...replace(node, other < 0 ? `(${other})` : String(other)),
      operator: "constant",
      prior: near.includes(other) ? 0.7 : 0.3,
    }));
}

const strings = (node: Literal, syntax: Syntax): Proposal[] =>
  unique(otherLiterals(syntax, "string").map((other) => other.raw!))
    .filter((raw) => raw !== node.raw)
    .map((raw) => ({ ...replace(node, raw), operator: "text", prior: 0.2 }));

/** Replaces constants: numbers by their neighbours, truth by falsehood, texts by other texts of the file. */
export const literal: Operator = (site, syntax) => {
  const { node } = site;
  const parent = parentOf(site);
  if (
    node.type !== "Literal" ||
    parent?.type === "ExpressionStatement" ||
    /^(Import|Export)/.test(parent?.type ?? "")
  )
    return [];
  if (typeof node.value === "boolean")
    return [{ ...replace(node, String(!node.value)), operator: "constant", prior: 0.7 }];
  if (typeof node.value === "number") return numbers(node, syntax);
  return typeof node.value === "string" ? strings(node, syntax) : [];
};
