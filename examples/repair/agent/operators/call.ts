import type { CallExpression } from "acorn";
import type { Syntax } from "../syntax.ts";
import { bracketed, type Operator, type Proposal, replace, textOf } from "./operator.ts";

// Methods that are confused with one another; each line is one family.
const families: readonly (readonly string[])[] = [
  ["min", "max"],
  ["floor", "ceil", "round", "trunc"],
  ["push", "unshift"],
  ["pop", "shift"],
  ["some", "every"],
  ["find", "findLast"],
  ["findIndex", "findLastIndex"],
  ["indexOf", "lastIndexOf"],
  ["startsWith", "endsWith", "includes"],
  ["trimStart", "trimEnd", "trim"],
  ["padStart", "padEnd"],
  ["toUpperCase", "toLowerCase"],
  ["add", "delete"],
  ["keys", "values", "entries"],
  ["slice", "splice"],
  ["replace", "replaceAll"],
  ["match", "matchAll"],
  ["reduce", "reduceRight"],
];

function renamed({ callee }: CallExpression): Proposal[] {
  if (callee.type !== "MemberExpression" || callee.computed || callee.property.type !== "Identifier")
    return [];
  const { property } = callee;
  return families
    .filter((family) => family.includes(property.name))
    .flatMap((family) => family.filter((name) => name !== property.name))
    .map((name) => ({ ...replace(property, name), operator: "method", prior: 0.75 }));
}

function swapped(node: CallExpression, syntax: Syntax): Proposal[] {
  return node.arguments.slice(1).flatMap((right, index) => {
    const left = node.arguments[index]!;
    const between = syntax.text.slice(left.end, right.start);
    const text = `${textOf(syntax, right)}${between}${textOf(syntax, left)}`;
    if (textOf(syntax, left) === textOf(syntax, right)) return [];
    return [{ start: left.start, end: right.end, text, operator: "argument order", prior: 0.6 }];
  });
}

const unwrapped = (node: CallExpression, syntax: Syntax): Proposal[] => {
  const [argument, ...others] = node.arguments;
  if (argument === undefined || others.length > 0 || /Spread|Literal/.test(argument.type)) return [];
  return [{ ...replace(node, bracketed(syntax, argument)), operator: "drop call", prior: 0.2 }];
};

/** Calls a sibling method, exchanges neighbouring arguments, or takes the argument in place of the call. */
export const call: Operator = ({ node }, syntax) =>
  node.type === "CallExpression"
    ? [...renamed(node), ...swapped(node, syntax), ...unwrapped(node, syntax)]
    : [];
