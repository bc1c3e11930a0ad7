import type { PolicyAnswer } from "../../guards/policy.ts";
import { ToolRules } from "../../guards/tool.ts";
import type { LoopRules } from "../../machines/rules.ts";
import { canonicalJson } from "../base/digest.ts";
import type { LoopContract, PolicyRule } from "../contract/contract.ts";
import type { Tool } from "../ports/tool.ts";

/** What can be said about a tool whatever its arguments are: each fact about it is one of these. */
export type ToolAnswers = {
  policy: readonly PolicyAnswer[];
  inScope: readonly boolean[];
  permitted: readonly boolean[];
  /** It has a business key, so another effect may hold it. */
  dedupe: boolean;
};

/** Tools that the chart cannot tell apart, seen as one. */
export type ToolClass = ToolAnswers & {
  rules: ToolRules;
  /** The names of all tools of the class; the search speaks of the first. */
  names: readonly string[];
};

/** What surrounds a chart: everything a search has to know of a contract. Made by `surroundingsOf`. */
export type Surroundings = {
  /** The chart's own rules, as the contract gives them. */
  rules: LoopRules;
  tools: readonly ToolClass[];
  hasWorkspace: boolean;
};

const listOf = <Item>(value: Item | readonly Item[]): readonly Item[] =>
  (Array.isArray(value) ? value : [value]) as readonly Item[];

const speaksOf = (rule: PolicyRule, { name, effect, sensitivity }: Tool): boolean =>
  (rule.tool === undefined || listOf(rule.tool).includes(name)) &&
  (rule.effect === undefined || listOf(rule.effect).includes(effect)) &&
  (rule.sensitivity === undefined || listOf(rule.sensitivity).some((kind) => sensitivity.includes(kind)));

/**
 * Every answer that the policy can give for a tool, whatever its conditions say: a rule with a condition may match or not,
 * and one that throws turns an "allow" into an "ask". The strictest answer of all that match counts.
 */
function policyAnswers(policy: readonly PolicyRule[], tool: Tool): PolicyAnswer[] {
  const about = policy.filter((rule) => speaksOf(rule, tool));
  const sure = about.filter(({ when }) => when === undefined).map(({ answer }) => answer);
  const perhaps = about.filter(({ when }) => when !== undefined).map(({ answer }) => answer);
  if (sure.includes("forbid")) return ["forbid"];
  const mayAllow = !sure.includes("ask") && (sure.includes("allow") || perhaps.includes("allow"));
  const mayAsk = !sure.includes("allow") || sure.includes("ask") || perhaps.some((one) => one !== "forbid");
  const mayForbid = perhaps.includes("forbid");
  return [
    ...(mayAllow ? (["allow"] as const) : []),
    ...(mayAsk ? (["ask"] as const) : []),
    ...(mayForbid ? (["forbid"] as const) : []),
  ];
}

const either = [true, false] as const;

const answersOf = (contract: LoopContract, tool: Tool): ToolAnswers => ({
  policy: policyAnswers(contract.policy, tool),
  inScope: tool.inScope === undefined ? [true] : either,
  permitted: tool.permitted === undefined ? [true] : either,
  dedupe: tool.dedupe !== undefined,
});

/** What of a tool's rules the chart decides by: how long something takes is a choice of the search. */
const decisive = ({ effect, sensitivity, repeat, settlesWithinMs, burnsKey }: ToolRules) => ({
  effect,
  isSensitive: sensitivity.length > 0,
  repeat,
  settlesAtOnce: burnsKey || settlesWithinMs === 0,
});

/** Tools with the same rules and the same possible answers are one class, but for those that are named. */
function classesOf(
  tools: readonly (ToolAnswers & { name: string; rules: ToolRules })[],
  apart: readonly string[],
): ToolClass[] {
  const classes = new Map<string, ToolClass & { names: string[] }>();
  for (const { name, rules, ...answers } of tools) {
    const own = apart.includes(name) ? name : null;
    const key = canonicalJson({ ...answers, rules: decisive(rules), own });
    const known = classes.get(key);
    if (known === undefined) classes.set(key, { ...answers, rules, names: [name] });
    else known.names.push(name);
  }
  return [...classes.values()];
}

/** An agent may name a tool that nobody declared; it counts as the worst that a tool can be. */
export const undeclared = {
  name: "undeclared",
  rules: ToolRules.parse({}),
  policy: ["allow", "ask", "forbid"],
  inScope: either,
  permitted: either,
  dedupe: false,
} as const;

/**
 * What a contract says about the world around its chart. Whatever a person wrote as a function may answer anything it can.
 * Tools named in `apart` are kept apart from others that the chart treats alike.
 */
export function surroundingsOf(contract: LoopContract, apart: readonly string[] = []): Surroundings {
  const tools = Object.entries(contract.tools).map(([name, tool]) => ({
    name,
    rules: contract.rules.tools[name] ?? ToolRules.parse({}),
    ...answersOf(contract, tool),
  }));
  return {
    rules: contract.rules,
    tools: classesOf([...tools, undeclared], apart),
    hasWorkspace: contract.workspace !== null,
  };
}
