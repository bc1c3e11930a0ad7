import type { Action } from "../../../actions/state.ts";
import type { Grant } from "../../../guards/approval.ts";
import { type PolicyAnswer, strictest } from "../../../guards/policy.ts";
import type { AssessInput } from "../../../machines/calls.ts";
import { LoopwrightError } from "../../base/errors.ts";
import type { PolicyRule } from "../../contract/contract.ts";
import type { EffectRow, GrantRow } from "../../ports/store.ts";
import type { Tool } from "../../ports/tool.ts";
import { type RunScope, toolFor, treeNow } from "./run-scope.ts";

const listOf = <Item>(value: Item | readonly Item[]): readonly Item[] =>
  (Array.isArray(value) ? value : [value]) as readonly Item[];

/** Does the rule speak of this action? A condition that throws, or answers neither yes nor no, cannot say no. */
function matches(rule: PolicyRule, tool: Tool, input: unknown): "yes" | "no" | "unsure" {
  if (rule.tool !== undefined && !listOf(rule.tool).includes(tool.name)) return "no";
  if (rule.effect !== undefined && !listOf(rule.effect).includes(tool.effect)) return "no";
  if (
    rule.sensitivity !== undefined &&
    !listOf(rule.sensitivity).some((kind) => tool.sensitivity.includes(kind))
  ) {
    return "no";
  }
  try {
    const answer: unknown = rule.when === undefined || rule.when(input as never);
    return typeof answer !== "boolean" ? "unsure" : answer ? "yes" : "no";
  } catch {
    return "unsure";
  }
}

/** What the policy answers for an action: the strictest of all rules that match; one that cannot tell counts, and never allows. */
export function policyAnswer(policy: readonly PolicyRule[], tool: Tool, input: unknown): PolicyAnswer {
  const answers = policy.flatMap((rule): PolicyAnswer[] => {
    const found = matches(rule, tool, input);
    if (found === "no") return [];
    return found === "unsure" && rule.answer === "allow" ? ["ask"] : [rule.answer];
  });
  return strictest(answers);
}

/** The business key of an input, or `null` where the tool has none. Refuses one that is no text: it would protect nothing. */
export function businessKeyOf(tool: Tool, input: unknown): string | null {
  if (tool.dedupe === undefined) return null;
  const key: unknown = tool.dedupe(input);
  if (typeof key === "string" && key !== "") return key.toWellFormed();
  throw new LoopwrightError({
    code: "contract",
    field: `tools.${tool.name}.dedupe`,
    message: `the business key of ${tool.name} is ${JSON.stringify(key) ?? "nothing"}, not a text`,
    fix: "let dedupe return a text for every input, for example the order's number",
  });
}

/** A predicate that a person wrote: what throws is a no. */
const holds = async (
  predicate: ((input: unknown) => boolean | Promise<boolean>) | undefined,
  input: unknown,
) => {
  try {
    return predicate === undefined || (await predicate(input)) === true;
  } catch {
    return false;
  }
};

const grantOf = (row: GrantRow, actionDigest: string): Grant => ({
  id: row.id,
  effectKey: row.effectKey,
  actionDigest,
  approver: row.approver,
  issuedAt: row.issuedAt,
  expiresAt: row.expiresAt,
  usedBy: row.usedBy,
  revoked: row.voidedAt !== null,
});

function ledgerFacts(scope: RunScope, { key, action }: AssessInput, tool: Tool, businessKey: string | null) {
  const others = scope.store.effects(scope.runId).filter((effect) => effect.key !== key);
  const equal = (effect: EffectRow) =>
    effect.actionDigest === action.digest || (businessKey !== null && effect.businessKey === businessKey);
  const before = others.find((effect) => effect.status === "applied" && equal(effect)) ?? null;
  const holder = businessKey === null ? null : scope.store.businessKeyHolder(businessKey);
  const duplicate = holder !== null && holder.key !== key && before === null ? holder.key : null;
  const usedBefore =
    tool.repeat === "never" && businessKey === null && others.some(({ tool: name }) => name === tool.name);
  return { before, duplicate, usedBefore: usedBefore && tool.effect !== "read" };
}

type Parsed = { valid: boolean; input: unknown };
function parse(tool: Tool, action: Action): Parsed {
  const parsed = tool.input.safeParse(action.input);
  return { valid: parsed.success, input: parsed.success ? parsed.data : action.input };
}

/** Finds out the facts about one action just before it would run; it decides nothing. */
export const performAssess =
  (scope: RunScope) =>
  async (request: AssessInput): Promise<unknown> => {
    const { store, contract } = scope;
    const { action, key } = request;
    const tool = toolFor(scope, action);
    const { valid, input } = parse(tool, action);
    const businessKey = valid ? businessKeyOf(tool, input) : null;
    const { before, duplicate, usedBefore } = ledgerFacts(scope, request, tool, businessKey);
    return {
      actionDigest: action.digest,
      recorded: before?.result === undefined || before?.result === null ? null : JSON.parse(before.result),
      facts: {
        tree: await treeNow(scope),
        inputValid: valid,
        inScope: valid && (await holds(tool.inScope, input)),
        permitted: valid && (await holds(tool.permitted, input)),
        policy: policyAnswer(contract.policy, tool, input),
        grants: store
          .grants(key)
          .filter(scope.isGenuine)
          .map((row) => grantOf(row, action.digest)),
        appliedBefore: before?.key ?? null,
        duplicateOf: duplicate,
        usedBefore,
        halted: store.halted(contract.name) !== null,
      },
    };
  };
