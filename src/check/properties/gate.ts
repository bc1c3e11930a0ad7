import type { Grant } from "../../../guards/approval.ts";
import type { ExecuteInput, ObserveInput } from "../../../machines/calls.ts";
import { callIn, factsIn, isParked, property, replyIn, requests, violated } from "../property.ts";
import { toolNamed } from "../situation.ts";

type Proof = { passed: boolean; tree: string | null };
const unproved: Proof = { passed: false, tree: null };

export const freshVerdict = property<Proof>({
  name: "freshVerdict",
  says: "No declared effect without a passed, fresh verdict on exactly this proposal.",
  clause: "verify.proposal",
  begin: unproved,
  see(memory, seen) {
    const verdict = replyIn(seen, "verify");
    let proof = memory;
    if (verdict !== null) proof = { passed: verdict.result === "passed", tree: verdict.tree };
    if (requests(seen, "execute")) {
      const facts = factsIn(seen);
      if (facts === null) return violated("an effect was dispatched without being assessed");
      if (!proof.passed) return violated("an effect was dispatched without a passed verdict");
      if (facts.tree !== proof.tree)
        return violated("an effect was dispatched on a verdict about another tree");
      if (seen.found.includes("the verdict is too old"))
        return violated("an effect was dispatched on a verdict that is too old");
    }
    // What was verified before a turn, a park or a restart says nothing of what comes after it.
    const isOver = isParked(seen.state) || requests(seen, "act") || seen.event.type === "run.continued";
    return isOver || !proof.passed ? unproved : proof;
  },
});

type About = { key: string; digest: string; at: number; destructive: boolean };

const isGood = (grant: Grant, { key, digest, at, destructive }: About): boolean =>
  grant.effectKey === key &&
  grant.actionDigest === digest &&
  grant.issuedAt <= at &&
  at < grant.expiresAt &&
  !grant.revoked &&
  (grant.usedBy === null || (grant.usedBy === key && !destructive));

export const approved = property<null>({
  name: "approved",
  says: "No action that needs approval without valid grants for exactly it, from enough allowed, distinct people; a grant serves one effect, and of a destructive one a single attempt.",
  clause: "escalate.policy",
  begin: null,
  see(memory, seen, rules) {
    const sent = callIn<ExecuteInput>(seen, "execute");
    const run = sent ?? callIn<ObserveInput>(seen, "observe");
    if (run === null) return memory;
    const reply = replyIn(seen, "assess");
    if (reply === null) return violated("an action ran without being assessed");
    const { facts } = reply;
    const tool = toolNamed(rules, run.action.tool);
    const destructive = tool.effect === "destructive";
    const about = { key: run.key, digest: run.action.digest, at: reply.at, destructive };
    const again = sent !== null && facts.appliedBefore !== null;
    const needed =
      destructive || tool.sensitivity.length > 0 || facts.policy !== "allow" || facts.usedBefore || again;
    const used = sent === null ? [] : facts.grants.filter(({ id }) => sent.grants.includes(id));
    if (used.some((grant) => !isGood(grant, about)))
      return violated("a grant was used that is not good for this effect");
    if (!needed) return memory;
    const people = new Set(
      facts.grants.filter((grant) => isGood(grant, about)).map(({ approver }) => approver),
    );
    const { approvers, quorum } = rules.approvals;
    if (approvers.filter((name) => people.has(name)).length < quorum)
      return violated("an action that needs approval ran without it");
    return sent !== null && used.length < quorum
      ? violated("an effect was dispatched without using its grants")
      : memory;
  },
});

export const gated = property<null>({
  name: "gated",
  says: "A forbidden, malformed, halted, duplicate or out-of-scope action, reads included, never runs.",
  clause: "escalate.policy",
  begin: null,
  see(memory, seen) {
    if (!requests(seen, "execute", "observe")) return memory;
    const facts = factsIn(seen);
    if (facts === null) return violated("an action ran without being assessed");
    if (!facts.inputValid) return violated("an action with malformed arguments ran");
    if (!facts.inScope) return violated("an action out of scope ran");
    if (!facts.permitted) return violated("an action without permission ran");
    if (facts.policy === "forbid") return violated("a forbidden action ran");
    if (facts.halted) return violated("an action ran under a halt");
    if (facts.duplicateOf !== null) return violated("a duplicate of another effect ran");
    return memory;
  },
});

export const appliedOnce = property<null>({
  name: "appliedOnce",
  says: "An action applied once in a run is not applied again by being proposed again, unless a person granted exactly that.",
  clause: "retry",
  begin: null,
  see(memory, seen) {
    const sent = callIn<ExecuteInput>(seen, "execute");
    if (sent === null || sent.grants.length > 0) return memory;
    const before = factsIn(seen)?.appliedBefore ?? null;
    return before === null ? memory : violated("an action that was applied before was applied again");
  },
});
