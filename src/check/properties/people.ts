import { eventIn, property, replyIn, requests, type Seen, violated } from "../property.ts";

/** The states in which what was dispatched is found out and confirmed, and those that end a run. */
const settling = ["effect.committing", "effect.confirming", "succeeded", "stopped"];

export const abortEnds = property<boolean>({
  name: "abortEnds",
  says: "After an abort nothing starts but what settles a dispatch, and the run ends as soon as that is done.",
  clause: "escalate",
  begin: false,
  see(memory, seen) {
    if (seen.event.type === "run.continued") return false;
    const aborted = memory || seen.event.type === "directive.abort";
    if (!aborted) return aborted;
    if (seen.calls.some(({ name }) => name !== "confirm")) return violated("a call started after an abort");
    return settling.includes(seen.state) ? aborted : violated(`the run is in ${seen.state} after an abort`);
  },
});

export const haltHolds = property<boolean>({
  name: "haltHolds",
  says: "Under a halt no turn starts, and nothing is read or dispatched.",
  clause: "escalate",
  begin: false,
  see(memory, seen) {
    const halted =
      seen.event.type === "directive.halt" || (memory && seen.event.type !== "directive.liftHalt");
    return halted && requests(seen, "act", "observe", "execute")
      ? violated("the run went on under a halt")
      : halted;
  },
});

const isUnpermitted = (seen: Seen): boolean => {
  const { output } = seen.event as { output?: { failure?: { errorClass: string }; outcome?: string } };
  const errorClass = output?.failure?.errorClass;
  return output?.outcome !== "unknown" && (errorClass === "unauthenticated" || errorClass === "forbidden");
};

export const handedOff = property<null>({
  name: "handedOff",
  says: "Missing permission and output that cannot be verified go to a person; neither is retried into success.",
  clause: "escalate",
  begin: null,
  see(memory, seen) {
    if (seen.event.type === "xstate.done.actor.reconcile") return memory;
    // A late report that the effect was applied overtakes the failure of a later attempt.
    const isHanded = ["escalated", "stopped", "effect.confirming"].includes(seen.state);
    if (isUnpermitted(seen) && !isHanded) return violated("a missing permission was not handed to a person");
    const isUnverifiable = replyIn(seen, "verify")?.result === "unverifiable" && seen.from === "verifying";
    return isUnverifiable && !["escalated", "stopped"].includes(seen.state)
      ? violated("what could not be verified was not handed to a person")
      : memory;
  },
});

export const oneCall = property<null>({
  name: "oneCall",
  says: "One call at a time, each under an id of its own, and none after the end.",
  clause: "continue",
  begin: null,
  see(memory, seen) {
    const [call, other] = seen.calls;
    if (other !== undefined) return violated("two calls at once");
    if (call !== undefined && seen.outcome !== null) return violated("a call after the end");
    const isOrigin = seen.event.type.startsWith("run.");
    return !isOrigin && call !== undefined && call.callId === seen.awaited
      ? violated("a call id was used twice")
      : memory;
  },
});

export const silence = property<null>({
  name: "silence",
  says: "A question that nobody answers, and a parked run that nobody comes to, end by their own time-out, never as approved.",
  clause: "escalate",
  begin: null,
  see(memory, seen) {
    if (!seen.event.type.startsWith("xstate.after.")) return memory;
    if (seen.from === "escalated" && seen.state !== "stopped")
      return violated("a parked run went on by itself");
    if (seen.from === "effect.awaitingApproval" && seen.state !== "escalated")
      return violated("a question that nobody answered let the run go on");
    return memory;
  },
});

export const denied = property<null>({
  name: "denied",
  says: "A denied action is not taken up again.",
  clause: "escalate",
  begin: null,
  see(memory, seen) {
    const denial = eventIn<{ effectKey: string }>(seen, "approval.denied");
    return denial !== null &&
      requests(seen, "execute", "observe", "assess") &&
      seen.from === "effect.awaitingApproval"
      ? violated("a denied action was taken up again")
      : memory;
  },
});

export const noFault = property<null>({
  name: "noFault",
  says: "No event makes the chart itself fail.",
  clause: "continue",
  begin: null,
  see: (memory, { fault }) => (fault === null ? memory : violated(`the chart failed: ${fault}`)),
});
