import { type Operator, replaceSign } from "./operator.ts";

// Boundary first: taking or leaving the limit itself is by far the commonest slip of a comparison.
const others: Record<string, readonly (readonly [sign: string, prior: number])[]> = {
  "<": [
    ["<=", 1],
    [">", 0.5],
    [">=", 0.45],
  ],
  "<=": [
    ["<", 1],
    [">=", 0.5],
    [">", 0.45],
  ],
  ">": [
    [">=", 1],
    ["<", 0.5],
    ["<=", 0.45],
  ],
  ">=": [
    [">", 1],
    ["<=", 0.5],
    ["<", 0.45],
  ],
  "===": [["!==", 0.7]],
  "!==": [["===", 0.7]],
  "==": [["!=", 0.7]],
  "!=": [["==", 0.7]],
};

/** Replaces a comparison by its neighbours. */
export const relational: Operator = ({ node }, syntax) => {
  if (node.type !== "BinaryExpression") return [];
  return (others[node.operator] ?? []).flatMap(([sign, prior]) => {
    const edit = replaceSign(syntax, { left: node.left, right: node.right, sign: node.operator }, sign);
    return edit === null ? [] : [{ ...edit, operator: "comparison", prior }];
  });
};
