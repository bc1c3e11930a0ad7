import type { Grant } from "../../guards/approval.ts";
import type { GateFacts } from "../../guards/effect.ts";
import type { LoopRules } from "../../machines/rules.ts";
import type { Choose } from "./choices.ts";
import { earlierKey, now, presentKey } from "./forget.ts";
import { treeMoved, treeNow } from "./names.ts";
import { classOf, type Situation, toolNamed, type World } from "./situation.ts";

/** An object whose fields are made only when somebody looks at them, each once. `seen` are those that were looked at. */
function lazily<Fields extends object>(makers: { [Name in keyof Fields]: () => Fields[Name] }) {
  const seen: Partial<Fields> = {};
  const fields = new Proxy(seen, {
    get(made, name) {
      const field = name as keyof Fields;
      if (!(field in made) && field in makers) made[field] = makers[field]();
      return made[field];
    },
  }) as Fields;
  return { fields, seen };
}

type About = { key: string; digest: string; hasAttempts: boolean };

/** Grants as they may lie in the store: none, enough, and every way in which one of them may not count. */
export function grantsFor({ approvals }: LoopRules, about: About, choose: Choose): readonly Grant[] {
  const enough = approvals.approvers.slice(0, approvals.quorum).map(
    (approver, i): Grant => ({
      id: `grant ${i + 1}`,
      effectKey: about.key,
      actionDigest: about.digest,
      approver,
      issuedAt: now - 1,
      expiresAt: now + 1,
      usedBy: null,
      revoked: false,
    }),
  );
  if (enough.length === 0) return [];
  const spoiled = (change: Partial<Grant>) =>
    enough.map((grant, i) => (i === 0 ? { ...grant, ...change } : grant));
  return choose([
    [],
    enough,
    enough.slice(1),
    enough.map(() => enough[0]!),
    spoiled({ expiresAt: now }),
    spoiled({ issuedAt: now + 1 }),
    spoiled({ actionDigest: "another action" }),
    spoiled({ effectKey: "another effect" }),
    spoiled({ approver: "a stranger" }),
    spoiled({ revoked: true }),
    spoiled({ usedBy: earlierKey }),
    ...(about.hasAttempts ? [spoiled({ usedBy: about.key })] : []),
  ]);
}

/** What of grants is worth saying. */
export function grantsText(grants: readonly Grant[], key: string): string {
  const [first, second] = grants;
  if (first === undefined) return "no grant";
  if (second !== undefined && second.approver === first.approver) return "the same person's grant twice";
  if (first.expiresAt <= now) return "an expired grant";
  if (first.issuedAt > now) return "a grant from the future";
  if (first.actionDigest === "another action") return "a grant for another action";
  if (first.effectKey === "another effect") return "a grant for another effect";
  if (first.approver === "a stranger") return "a stranger's grant";
  if (first.revoked) return "a revoked grant";
  if (first.usedBy === key) return "a grant that this effect used before";
  if (first.usedBy !== null) return "a grant that another effect used";
  return `${grants.length} good ${grants.length === 1 ? "grant" : "grants"}`;
}

/** The facts about an action, each a free choice that is made only when a guard looks at it. */
export function factsAbout(world: World, { context }: Situation, choose: Choose) {
  const action = context.turn!.actions[0]!;
  const key = presentKey;
  const answers = classOf(world, action.tool);
  const tool = toolNamed(world.rules, action.tool);
  const hasAttempts = context.effect?.key === key && context.effect.attempts > 0;
  const mayBeUsed = tool.repeat === "never" && tool.effect !== "read" && !answers.dedupe;
  const { fields, seen } = lazily<GateFacts>({
    tree: () => (world.hasWorkspace ? choose([treeNow, treeMoved]) : null),
    inputValid: () => choose([true, false]),
    inScope: () => choose(answers.inScope),
    permitted: () => choose(answers.permitted),
    policy: () => choose(answers.policy),
    grants: () => [...grantsFor(world.rules, { key, digest: action.digest, hasAttempts }, choose)],
    appliedBefore: () => (tool.effect === "read" ? null : choose([null, earlierKey])),
    duplicateOf: () => (answers.dedupe ? choose([null, "elsewhere"]) : null),
    usedBefore: () => mayBeUsed && choose([false, true]),
    halted: () => choose([false, true]),
  });
  return { facts: fields, words: () => factWords(seen, key) };
}

/** Those of the facts that were looked at and are not as one would hope. */
function factWords(facts: Partial<GateFacts>, key: string): string[] {
  return [
    ...(facts.halted ? ["a halt is in force"] : []),
    ...(facts.inputValid === false ? ["the arguments do not fit"] : []),
    ...(facts.inScope === false ? ["it is out of scope"] : []),
    ...(facts.permitted === false ? ["a permission is missing"] : []),
    ...(facts.policy === undefined ? [] : [`the policy says ${facts.policy}`]),
    ...(facts.duplicateOf == null ? [] : ["another effect holds its business key"]),
    ...(facts.appliedBefore == null ? [] : ["it was applied before"]),
    ...(facts.usedBefore ? ["its tool was used before"] : []),
    ...(facts.tree === treeMoved ? ["the tree has changed"] : []),
    ...(facts.grants === undefined ? [] : [grantsText(facts.grants, key)]),
  ];
}
