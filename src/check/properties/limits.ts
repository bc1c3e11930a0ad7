import type { LimitName } from "../../../guards/continue.ts";
import type { ErrorClass } from "../../../guards/retry.ts";
import { factsIn, property, replyIn, requests, type Seen, violated } from "../property.ts";

const isUsedUp = ({ found }: Seen, name: LimitName): boolean => found.includes(`${name} are used up`);
const anyUsedUp = (seen: Seen, names: readonly LimitName[]): boolean =>
  names.some((name) => isUsedUp(seen, name));

export const withinLimits = property<null>({
  name: "withinLimits",
  says: "No limit is passed: what is used up stops the turn, the effect, the question, the restart and the repeated verification that would need more of it.",
  clause: "continue.limits",
  begin: null,
  see(memory, seen) {
    if (anyUsedUp(seen, ["steps", "activeMs", "deadlineMs"]) && requests(seen, "act"))
      return violated("a turn started though a limit was used up");
    // A dispatch that was cut off is not started over but found out about, and that has no limit.
    const starts = seen.calls.length > 0 && seen.from !== "effect.committing";
    if (isUsedUp(seen, "recoveries") && seen.event.type === "host.recovered" && starts)
      return violated("a state started over though no recovery was left");
    if (anyUsedUp(seen, ["effects", "activeMs", "deadlineMs"]) && requests(seen, "execute"))
      return violated("an effect was dispatched beyond a limit");
    if (anyUsedUp(seen, ["activeMs", "deadlineMs"]) && requests(seen, "observe"))
      return violated("a read started though no time was left");
    const asks = seen.state === "effect.awaitingApproval" && seen.from !== seen.state;
    if (isUsedUp(seen, "questions") && asks) return violated("a question was put though none was left");
    if (seen.found.includes("it was asked too often") && seen.state === "effect.settling")
      return violated("a tool was asked once more though it was asked often enough");
    const verifiesAgain = seen.from === "effect.assessing" && requests(seen, "verify");
    if (isUsedUp(seen, "reverifications") && verifiesAgain && factsIn(seen)?.appliedBefore === null)
      return violated("a verification was repeated though none was left");
    return memory;
  },
});

export const withinBudget = property<null>({
  name: "withinBudget",
  says: "No turn starts whose worst case does not fit into what is left of tokens and cost.",
  clause: "continue.limits",
  begin: null,
  see: (memory, seen) =>
    anyUsedUp(seen, ["tokens", "costMicroUsd"]) && requests(seen, "act")
      ? violated("a turn started though its worst case did not fit the budget")
      : memory,
});

const corrections: readonly ErrorClass[] = [
  "invalidArguments",
  "notFound",
  "conflict",
  "verificationFailed",
  "denied",
];

/** The class of the failure that this event reports. */
function failureIn(seen: Seen): ErrorClass | null {
  if (replyIn(seen, "verify")?.result === "failed") return "verificationFailed";
  const { output } = seen.event as { output?: { failure?: { errorClass: ErrorClass } } };
  return output?.failure?.errorClass ?? null;
}

export const retriesEnd = property<null>({
  name: "retriesEnd",
  says: "After too many failures in a row, or the same correction again, a person is asked.",
  clause: "retry",
  begin: null,
  see(memory, seen, rules) {
    const errorClass = failureIn(seen);
    // Where a metric exists its patience decides how often verification may fail.
    if (errorClass === "verificationFailed" && rules.progress.metric !== undefined) return memory;
    const retries = requests(seen, "act", "observe", "execute");
    if (seen.found.includes("too many failures") && (retries || seen.state === "waiting"))
      return violated("something was tried again after too many failures");
    const isCorrection = errorClass !== null && corrections.includes(errorClass);
    return seen.found.includes("the same failure again") && isCorrection && retries
      ? violated("the agent was to correct the same failure again")
      : memory;
  },
});
