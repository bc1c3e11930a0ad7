import type { AnyNode } from "acorn";
import {
  bracketed,
  type Operator,
  type Proposal,
  parentOf,
  replace,
  replaceSign,
  textOf,
} from "./operator.ts";

/** Exchanges `&&` and `||`, and drops either operand. */
export const connective: Operator = ({ node }, syntax) => {
  if (node.type !== "LogicalExpression") return [];
  const drop = [node.left, node.right].map((kept) => ({
    ...replace(node, textOf(syntax, kept)),
    operator: "drop operand",
    prior: 0.4,
  }));
  const { left, right, operator: sign } = node;
  const edit = replaceSign(syntax, { left, right, sign }, sign === "&&" ? "||" : sign === "||" ? "&&" : "||");
  return edit === null
    ? drop
    : [{ ...edit, operator: "connective", prior: sign === "??" ? 0.3 : 0.8 }, ...drop];
};

const yesNo = new Set<AnyNode["type"]>([
  "Identifier",
  "MemberExpression",
  "CallExpression",
  "LogicalExpression",
]);

function isCondition(node: AnyNode, parent: AnyNode | undefined): boolean {
  switch (parent?.type) {
    case "IfStatement":
    case "WhileStatement":
    case "ConditionalExpression":
      return parent.test === node;
    case "LogicalExpression":
      return parent.operator !== "??";
    case "ReturnStatement":
      return node.type === "CallExpression" || node.type === "LogicalExpression";
    case "ArrowFunctionExpression":
      return parent.body === node && (node.type === "CallExpression" || node.type === "LogicalExpression");
    default:
      return false;
  }
}

/** Adds a negation where a yes or no is asked for. */
export const negate: Operator = (site, syntax) => {
  const { node } = site;
  const parent = parentOf(site);
  if (!yesNo.has(node.type) || !isCondition(node, parent)) return [];
  const prior =
    parent?.type === "ReturnStatement" || parent?.type === "ArrowFunctionExpression" ? 0.55 : 0.65;
  return [{ ...replace(node, `!${bracketed(syntax, node)}`), operator: "negation", prior }];
};

/** Takes a negation or a minus sign away. */
export const unary: Operator = ({ node }, syntax) => {
  if (node.type !== "UnaryExpression" || (node.operator !== "!" && node.operator !== "-")) return [];
  return [
    {
      ...replace(node, textOf(syntax, node.argument)),
      operator: "negation",
      prior: node.operator === "!" ? 0.8 : 0.6,
    },
  ];
};

/** Exchanges the two answers of a conditional expression. */
export const branches: Operator = ({ node }, syntax) => {
  if (node.type !== "ConditionalExpression") return [];
  const { test, consequent, alternate } = node;
  const between = syntax.text.slice(consequent.end, alternate.start);
  const swapped = `${textOf(syntax, alternate)}${between}${textOf(syntax, consequent)}`;
  const proposal: Proposal = {
    start: consequent.start,
    end: alternate.end,
    text: swapped,
    operator: "branches",
    prior: 0.6,
  };
  // An unnegatable test (a comparison) is turned by its own operator; here the answers change places.
  return test.type === "UnaryExpression" ? [] : [proposal];
};
