import type { VerifyInput } from "../../../machines/calls.ts";
import { callIn, eventIn, factsIn, property, replyIn, requests, type Seen, violated } from "../property.ts";

/** What is owed before the goal may be verified: the action at hand, and those that follow it. */
type Delivery = { owed: boolean; more: boolean; goal: boolean };
const nothingOwed: Delivery = { owed: false, more: false, goal: false };

/** Does this event finish the action at hand? */
const delivers = (seen: Seen): boolean =>
  replyIn(seen, "execute")?.outcome === "applied" ||
  replyIn(seen, "observe")?.outcome === "observed" ||
  replyIn(seen, "reconcile")?.found === "applied" ||
  eventIn<{ outcome: string }>(seen, "effect.lateOutcome")?.outcome === "applied" ||
  eventIn<{ found: string }>(seen, "directive.settle")?.found === "applied";

/** Is the action at hand passed over because an equal one was applied before? Then there is nothing to deliver. */
const isPassedOver = (seen: Seen): boolean =>
  (factsIn(seen)?.appliedBefore ?? null) !== null && callIn<VerifyInput>(seen, "verify")?.purpose === "goal";

/** The delivery as it stands after the event, apart from what it made the run ask for. */
function after(memory: Delivery, seen: Seen, most: number): Delivery {
  const reply = replyIn(seen, "act");
  const count =
    reply?.kind === "turn" && reply.turn.actions.length <= most ? reply.turn.actions.length : null;
  const now = count === null ? memory : { owed: count > 0, more: count > 1, goal: false };
  const delivered = delivers(seen) || isPassedOver(seen) ? { ...now, owed: false } : now;
  return seen.took === null ? delivered : { ...delivered, owed: true, more: seen.took.more };
}

export const provedSuccess = property<Delivery>({
  name: "provedSuccess",
  says: "`succeeded` only after the goal verifiers passed on the final state, after the last action; the agent's claim alone never suffices.",
  clause: "verify.goal",
  begin: nothingOwed,
  see(memory, seen, rules) {
    if (seen.outcome?.status === "succeeded") {
      const isProved = memory.goal && replyIn(seen, "verify")?.result === "passed";
      return isProved ? memory : violated("the run succeeded unproved");
    }
    if (requests(seen, "act")) return nothingOwed;
    const next = after(memory, seen, rules.limits.actionsPerTurn);
    const isGoal = callIn<VerifyInput>(seen, "verify")?.purpose === "goal";
    if (isGoal && (next.owed || next.more))
      return violated("the goal was verified before the last action was done with");
    return seen.calls.length > 0 ? { ...next, goal: isGoal } : next;
  },
});
