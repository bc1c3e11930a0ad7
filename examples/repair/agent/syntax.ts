import {
  type AnyNode,
  type Function as FunctionNode,
  type Options,
  type Pattern,
  type Program,
  parse,
} from "acorn";
import { fullAncestor } from "acorn-walk";

/** One node with what is around it: its ancestors, outermost first, without the node itself. */
export type Site = { node: AnyNode; ancestors: readonly AnyNode[] };

/** A name and the range in which it can be used. */
export type Declaration = { name: string; kind: "value" | "function"; start: number; scope: AnyNode };

/** A parsed file, with what the mutation operators ask about it. */
export type Syntax = {
  text: string;
  sites: readonly Site[];
  declarations: readonly Declaration[];
  /** Names that appear as `name.property` somewhere. */
  objects: ReadonlySet<string>;
};

const options = {
  ecmaVersion: "latest",
  allowHashBang: true,
  allowReturnOutsideFunction: true,
} satisfies Options;

function tryParse(text: string, sourceType: "module" | "script"): Program | null {
  try {
    return parse(text, { ...options, sourceType });
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** Parses a file as a module, else as a script; `null` when it is neither (JSX, types, a broken file). */
export function parseSource(text: string): Syntax | null {
  const program = tryParse(text, "module") ?? tryParse(text, "script");
  if (program === null) return null;
  const sites: Site[] = [];
  fullAncestor(program, (node, _state, ancestors) => {
    sites.push({ node: node as AnyNode, ancestors: (ancestors as AnyNode[]).filter((one) => one !== node) });
  });
  return {
    text,
    sites,
    declarations: sites.flatMap(declarationsAt),
    objects: new Set(sites.flatMap(objectAt)),
  };
}

export const isFunction = (node: AnyNode): node is FunctionNode & AnyNode =>
  node.type === "FunctionDeclaration" ||
  node.type === "FunctionExpression" ||
  node.type === "ArrowFunctionExpression";

const opensScope = (node: AnyNode): boolean =>
  isFunction(node) || /^(Program|BlockStatement|For|SwitchStatement|StaticBlock|CatchClause)/.test(node.type);

const scopeOf = (site: Site): AnyNode => site.ancestors.findLast(opensScope) ?? site.node;

/** All names that a pattern binds. */
export function boundNames(pattern: Pattern): string[] {
  switch (pattern.type) {
    case "Identifier":
      return [pattern.name];
    case "ObjectPattern":
      return pattern.properties.flatMap((part) =>
        boundNames(part.type === "Property" ? part.value : part.argument),
      );
    case "ArrayPattern":
      return pattern.elements.flatMap((part) => (part === null ? [] : boundNames(part)));
    case "RestElement":
      return boundNames(pattern.argument);
    case "AssignmentPattern":
      return boundNames(pattern.left);
    case "MemberExpression":
      return [];
  }
}

function declarationsAt(site: Site): Declaration[] {
  const { node } = site;
  if (node.type === "VariableDeclarator") {
    const kind = node.init && isFunction(node.init) ? "function" : "value";
    return boundNames(node.id).map((name) => ({ name, kind, start: node.end, scope: scopeOf(site) }));
  }
  if (node.type === "ImportSpecifier") {
    return [{ name: node.local.name, kind: "function", start: 0, scope: scopeOf(site) }];
  }
  if (!isFunction(node)) return [];
  const params: Declaration[] = node.params
    .flatMap(boundNames)
    .map((name) => ({ name, kind: "value", start: node.start, scope: node }));
  return node.type === "FunctionDeclaration" && node.id
    ? [...params, { name: node.id.name, kind: "function", start: 0, scope: scopeOf(site) }]
    : params;
}

const objectAt = ({ node }: Site): string[] =>
  node.type === "MemberExpression" && node.object.type === "Identifier" ? [node.object.name] : [];

/** The declarations that can be used at a node, innermost last; module-level values are left out. */
export const visibleAt = (syntax: Syntax, node: AnyNode): Declaration[] =>
  syntax.declarations.filter(
    ({ scope, start, kind }) =>
      scope.start <= node.start &&
      node.end <= scope.end &&
      start <= node.start &&
      (kind === "function" || scope.type !== "Program"),
  );

/** The innermost function around a site, or `null` at the top level. */
export const functionAround = (site: Site): AnyNode | null => site.ancestors.findLast(isFunction) ?? null;

/** What a person calls the place: the nearest name of a function or variable around it. */
export function placeName(site: Site): string {
  for (let at = site.ancestors.length - 1; at >= 0; at -= 1) {
    const node = site.ancestors[at]!;
    const owner = site.ancestors[at - 1];
    if (node.type === "FunctionDeclaration" && node.id) return node.id.name;
    if (isFunction(node) && owner?.type === "VariableDeclarator") return boundNames(owner.id).join(", ");
    if (isFunction(node) && owner?.type === "MethodDefinition" && owner.key.type === "Identifier")
      return owner.key.name;
  }
  return "top level";
}

/** The 1-based line of an offset. */
export const lineAt = (text: string, offset: number): number => text.slice(0, offset).split("\n").length;
