import type { AnyNode, Expression } from "acorn";
import type { Edit } from "../edit.ts";
import type { Site, Syntax } from "../syntax.ts";

/** An edit that an operator proposes at a site; `prior` in (0, 1] says how often such an edit repairs something. */
export type Proposal = Edit & { operator: string; prior: number };

/** Proposes edits at one node; knows nothing but the syntax around it. */
export type Operator = (site: Site, syntax: Syntax) => Proposal[];

export const textOf = (syntax: Syntax, node: AnyNode): string => syntax.text.slice(node.start, node.end);

export const parentOf = (site: Site): AnyNode | undefined => site.ancestors.at(-1);

/** Replaces a whole node. */
export const replace = (node: AnyNode, text: string): Edit => ({ start: node.start, end: node.end, text });

/** Replaces the operator sign between two operands; `null` where a comment between them holds the sign as well. */
export function replaceSign(
  syntax: Syntax,
  between: { left: AnyNode; right: AnyNode; sign: string },
  sign: string,
): Edit | null {
  const { left, right } = between;
  const gap = syntax.text.slice(left.end, right.start);
  const at = gap.indexOf(between.sign);
  if (at < 0 || gap.includes("/*") || gap.includes("//")) return null;
  return { start: left.end + at, end: left.end + at + between.sign.length, text: sign };
}

const tight = new Set<AnyNode["type"]>([
  "Identifier",
  "Literal",
  "MemberExpression",
  "CallExpression",
  "TemplateLiteral",
  "ArrayExpression",
]);

/** The text of an expression, in brackets unless it binds tightly by itself. */
export const bracketed = (syntax: Syntax, node: AnyNode): string =>
  tight.has(node.type) ? textOf(syntax, node) : `(${textOf(syntax, node)})`;

/** Literals, templates and their sums: what `+` joins rather than adds. */
export const isText = (node: Expression | AnyNode): boolean =>
  node.type === "TemplateLiteral" ||
  (node.type === "Literal" && typeof node.value === "string") ||
  (node.type === "BinaryExpression" && node.operator === "+" && (isText(node.left) || isText(node.right)));
