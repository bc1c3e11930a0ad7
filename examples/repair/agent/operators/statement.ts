import type { AnyNode, IfStatement } from "acorn";
import { fullAncestor } from "acorn-walk";
import { functionAround, type Site, type Syntax, visibleAt } from "../syntax.ts";
import { type Operator, replace, textOf } from "./operator.ts";

const leaves = (node: AnyNode): boolean =>
  /^(Return|Throw|Continue|Break)Statement$/.test(node.type) ||
  (node.type === "BlockStatement" && node.body.length === 1 && leaves(node.body[0]!));

const isGuard = (node: AnyNode): node is IfStatement =>
  node.type === "IfStatement" && !node.alternate && leaves(node.consequent);

function namesIn(node: AnyNode): Set<string> {
  const names = new Set<string>();
  fullAncestor(node, (one) => {
    if (one.type === "Identifier") names.add((one as AnyNode & { name: string }).name);
  });
  return names;
}

const globals = new Set([
  "undefined",
  "Infinity",
  "NaN",
  "Number",
  "String",
  "Math",
  "Object",
  "Array",
  "JSON",
]);
const isKnown = (name: string, visible: ReadonlySet<string>): boolean =>
  visible.has(name) || globals.has(name) || /Error$/.test(name);

// Code that a fix needs is mostly there already, in the same file (Barr et al., FSE 2014).
function donors(site: Site, syntax: Syntax): IfStatement[] {
  const visible = new Set(visibleAt(syntax, site.node).map(({ name }) => name));
  const around = functionAround(site);
  return syntax.sites
    .filter((other) => functionAround(other) !== around)
    .map(({ node }) => node)
    .filter(isGuard)
    .filter((guard) => [...namesIn(guard)].every((name) => isKnown(name, visible)));
}

/** Copies a guard of another function of the file to the start of this one. */
export const copyGuard: Operator = (site, syntax) => {
  const { node, ancestors } = site;
  const body = ancestors.at(-1);
  if (body?.type !== "BlockStatement" || body.body[0] !== node || ancestors.at(-2) !== functionAround(site))
    return [];
  const texts = new Set(donors(site, syntax).map((guard) => textOf(syntax, guard)));
  const present = syntax.text.slice(body.start, body.end);
  const indent = " ".repeat(node.start - (syntax.text.lastIndexOf("\n", node.start) + 1));
  return [...texts]
    .filter((text) => !present.includes(text))
    .map((text) => ({
      start: node.start,
      end: node.start,
      text: `${text}\n${indent}`,
      operator: "copy guard",
      prior: 0.6,
    }));
};

/** Takes a guard or a single effect away. */
export const removeStatement: Operator = ({ node, ancestors }) => {
  const within = ancestors.at(-1)?.type;
  if (within !== "BlockStatement" && within !== "Program") return [];
  if (!isGuard(node) && node.type !== "ExpressionStatement") return [];
  return [{ ...replace(node, ""), operator: "remove statement", prior: 0.25 }];
};
