import type { AnyNode, Identifier } from "acorn";
import { functionAround, isFunction, type Site, type Syntax, visibleAt } from "../syntax.ts";
import { type Operator, parentOf, replace } from "./operator.ts";

/** Whether the identifier is read here, rather than declared, written or used as a label. */
function isRead(node: Identifier, parent: AnyNode | undefined): boolean {
  if (
    parent === undefined ||
    /Pattern|RestElement|Specifier|CatchClause|Update|Labeled|Break|Continue|Class/.test(parent.type)
  )
    return false;
  if (parent.type === "VariableDeclarator") return parent.id !== node;
  if (parent.type === "AssignmentExpression") return parent.left !== node;
  if (parent.type === "ForOfStatement" || parent.type === "ForInStatement") return parent.right === node;
  return !isFunction(parent) || parent.body === node;
}

const isCallee = (node: AnyNode, parent: AnyNode | undefined): boolean =>
  (parent?.type === "CallExpression" || parent?.type === "NewExpression") && parent.callee === node;

// Names that share a stem (`start`, `startHour`; `left`, `leftEnd`) are confused more often than strangers.
const alike = (a: string, b: string): boolean =>
  a.slice(0, 3) === b.slice(0, 3) || a.slice(-3) === b.slice(-3);

// What a name is used for stands in for its type: `name.property` somewhere or nowhere, called or not.
function replacements(site: Site, syntax: Syntax, node: Identifier): string[] {
  const wanted = isCallee(node, parentOf(site)) ? "function" : "value";
  const visible = visibleAt(syntax, node).filter(({ kind }) => kind === wanted);
  const names = visible.map(({ name }) => name);
  if (!names.includes(node.name)) return [];
  const isObject = syntax.objects.has(node.name);
  return [...new Set(names)].filter((name) => name !== node.name && syntax.objects.has(name) === isObject);
}

/** Reads another variable that is in scope, or calls another function of the file. */
export const variable: Operator = (site, syntax) => {
  const { node } = site;
  const parent = parentOf(site);
  if (node.type !== "Identifier" || !isRead(node, parent)) return [];
  const shorthand = parent?.type === "Property" && parent.shorthand;
  const prior = isCallee(node, parent) ? 0.3 : 0.45;
  return replacements(site, syntax, node).map((name) => ({
    ...replace(node, shorthand ? `${node.name}: ${name}` : name),
    operator: "variable",
    prior: alike(name, node.name) ? prior + 0.1 : prior,
  }));
};

const propertyName = (node: AnyNode): string[] =>
  node.type === "MemberExpression" && !node.computed && node.property.type === "Identifier"
    ? [node.property.name]
    : [];

/** Reads another property that the same function reads. Methods are left to `method`. */
export const property: Operator = (site, syntax) => {
  const { node } = site;
  const [name] = propertyName(node);
  if (name === undefined || node.type !== "MemberExpression" || isCallee(node, parentOf(site))) return [];
  const around = functionAround(site);
  const names = syntax.sites
    .filter((other) => functionAround(other) === around && !isCallee(other.node, parentOf(other)))
    .flatMap((other) => propertyName(other.node));
  return [...new Set(names)]
    .filter((other) => other !== name)
    .map((other) => ({ ...replace(node.property as AnyNode, other), operator: "property", prior: 0.4 }));
};
