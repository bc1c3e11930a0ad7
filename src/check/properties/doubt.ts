import type { ExecuteInput, VerifyInput } from "../../../machines/calls.ts";
import { earlierKey, renamed } from "../forget.ts";
import { callIn, eventIn, property, replyIn, requests, type Seen, violated } from "../property.ts";
import { toolNamed } from "../situation.ts";

/** The effect that was dispatched last: its attempts without an outcome, and whether it is known to be applied. */
type Dispatched = { key: string; tool: string; open: readonly number[]; applied: boolean } | null;

type Outcome = "applied" | "absent" | { notApplied: number };

function settled(dispatched: Dispatched, outcome: Outcome): Dispatched {
  if (dispatched === null) return null;
  if (typeof outcome === "object") {
    return { ...dispatched, open: dispatched.open.filter((attempt) => attempt !== outcome.notApplied) };
  }
  return { ...dispatched, open: [], applied: dispatched.applied || outcome === "applied" };
}

type Late = { key: string; attempt: number; outcome: "applied" | "notApplied" };
type Word = { key: string; found: "applied" | "absent" };

/** What the event says became of the effect; `null`: nothing. */
function outcomeIn(seen: Seen, { key, open }: NonNullable<Dispatched>, isCertain: boolean): Outcome | null {
  const reply = replyIn(seen, "execute");
  if (reply?.outcome === "applied") return "applied";
  if (reply?.outcome === "notApplied") return { notApplied: open.at(-1) ?? 0 };
  const asked = replyIn(seen, "reconcile");
  if (asked?.found === "applied") return "applied";
  if (asked?.found === "absent" && isCertain) return "absent";
  const late = eventIn<Late>(seen, "effect.lateOutcome");
  if (late?.key === key) return late.outcome === "applied" ? "applied" : { notApplied: late.attempt };
  const word = eventIn<Word>(seen, "directive.settle");
  const isHeard = seen.from === "escalated" && seen.state !== "escalated";
  return word?.key === key && isHeard ? word.found : null;
}

export const doubtHeld = property<Dispatched>({
  name: "doubtHeld",
  says: "An effect in doubt is never dispatched again unless repeat-safe, reconciled absent or settled absent; nobody can resume past a doubt; no run forgets one.",
  clause: "retry, tools.repeat",
  begin: null,
  see(memory, seen, rules) {
    let now = memory;
    if (now !== null) {
      const { burnsKey, settlesWithinMs } = toolNamed(rules, now.tool);
      const isCertain = burnsKey || settlesWithinMs === 0 || seen.found.includes("what was sent has settled");
      const outcome = outcomeIn(seen, now, isCertain);
      if (outcome !== null) now = settled(now, outcome);
    }
    const isOpen = now !== null && now.open.length > 0;
    const goesOn =
      requests(seen, "act", "observe") || callIn<VerifyInput>(seen, "verify")?.purpose === "goal";
    if (isOpen && goesOn) return violated("the run went on although an effect is in doubt");
    if (isOpen && seen.outcome?.status === "succeeded")
      return violated("the run succeeded although an effect is in doubt");
    const sent = callIn<ExecuteInput>(seen, "execute");
    if (sent === null) return now;
    if (isOpen && sent.key !== now!.key)
      return violated("an effect was dispatched although another one is in doubt");
    const again = now !== null && sent.key === now.key;
    if (again && now!.applied) return violated("an effect was dispatched again although it was applied");
    if (isOpen && toolNamed(rules, sent.action.tool).repeat !== "safe")
      return violated("an effect in doubt was dispatched again");
    return {
      key: sent.key,
      tool: sent.action.tool,
      open: [...(again ? now!.open : []), sent.attempt],
      applied: false,
    };
  },
  rename(memory, naming) {
    if (memory === null) return null;
    const key = naming.key(memory.key);
    if (memory.open.length === 0 && key === earlierKey) return null;
    return { ...memory, key, open: renamed(memory.open, naming) };
  },
});
