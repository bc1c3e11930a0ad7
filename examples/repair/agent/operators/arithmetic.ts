import type { AnyNode } from "acorn";
import { bracketed, isText, type Operator, type Proposal, replace, replaceSign, textOf } from "./operator.ts";

const others: Record<string, readonly (readonly [sign: string, prior: number])[]> = {
  "+": [
    ["-", 0.8],
    ["*", 0.3],
  ],
  "-": [
    ["+", 0.8],
    ["/", 0.2],
  ],
  "*": [
    ["/", 0.7],
    ["+", 0.3],
  ],
  "/": [
    ["*", 0.7],
    ["%", 0.3],
  ],
  "%": [
    ["/", 0.5],
    ["*", 0.2],
  ],
  "+=": [
    ["-=", 0.8],
    ["=", 0.4],
  ],
  "-=": [
    ["+=", 0.8],
    ["=", 0.3],
  ],
  "*=": [["/=", 0.7]],
  "/=": [["*=", 0.7]],
};

const isOne = (node: AnyNode): boolean => node.type === "Literal" && node.value === 1;

/** Replaces an arithmetic sign, exchanges the operands of a difference or quotient, drops `± 1`. */
export const arithmetic: Operator = ({ node }, syntax) => {
  if (node.type !== "BinaryExpression" && node.type !== "AssignmentExpression") return [];
  if (isText(node.left) || isText(node.right)) return [];
  const { left, right, operator: sign } = node;
  const proposals: Proposal[] = (others[sign] ?? []).flatMap(([other, prior]) => {
    const edit = replaceSign(syntax, { left, right, sign }, other);
    return edit === null ? [] : [{ ...edit, operator: "arithmetic", prior }];
  });
  if (sign === "-" || sign === "/" || sign === "%") {
    const text = `${bracketed(syntax, right)} ${sign} ${bracketed(syntax, left)}`;
    proposals.push({ ...replace(node, text), operator: "operand order", prior: 0.5 });
  }
  if ((sign === "+" || sign === "-") && isOne(right)) {
    proposals.push({ ...replace(node, textOf(syntax, left)), operator: "off by one", prior: 0.8 });
  }
  return proposals;
};

const isPlace = (node: AnyNode): boolean =>
  node.type === "Identifier" || (node.type === "MemberExpression" && !node.computed);

const calculates = new Set(["*", "/", "%", "<", "<=", ">", ">=", "+", "-"]);

/** Where a number one too large or too small is a common slip: indices, arguments, operands and sums. */
function wantsNumber(node: AnyNode, parent: AnyNode | undefined): boolean {
  if (parent?.type === "MemberExpression") return parent.computed && parent.property === node;
  if (parent?.type === "BinaryExpression") return calculates.has(parent.operator);
  return (
    parent?.type === "CallExpression" && parent.callee !== node && parent.callee.type === "MemberExpression"
  );
}

const isSum = (node: AnyNode): boolean =>
  node.type === "BinaryExpression" && (node.operator === "+" || node.operator === "-") && !isText(node);

/** Puts `+ 1` or `- 1` behind a variable, a property, or a whole sum that is a value of its own. */
export const offByOne: Operator = (site, syntax) => {
  const { node } = site;
  const parent = site.ancestors.at(-1);
  const whole =
    isSum(node) &&
    !(node.type === "BinaryExpression" && isOne(node.right)) &&
    parent?.type !== "BinaryExpression";
  if (!whole && !(isPlace(node) && wantsNumber(node, parent))) return [];
  const inside = parent?.type === "BinaryExpression";
  return ["-", "+"].map((sign) => {
    const text = `${textOf(syntax, node)} ${sign} 1`;
    return { ...replace(node, inside ? `(${text})` : text), operator: "off by one", prior: 0.5 };
  });
};
