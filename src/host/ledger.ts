import type { LoopState } from "../../actions/state.ts";
import type { ExecuteInput } from "../../machines/calls.ts";
import type { ExecuteReply, JournalEvent, ReconcileReply } from "../../machines/events.ts";
import { canonicalJson } from "../base/digest.ts";
import type { Intent, OutcomeRecord } from "../ports/store.ts";
import { isDispatching, type RequestedCall } from "./fold.ts";

/** What the ledger must learn from one fold: read off the event and the two snapshots, never decided here. */

type View = { value: unknown; context: LoopState };

/** The intents of the dispatches that a fold asks for; they are written in its commit, before anything is sent. */
export function intentsOf(
  calls: readonly RequestedCall[],
  about: { loop: string; at: number; businessKeyOf: (input: ExecuteInput) => string | null },
): Intent[] {
  return calls
    .filter((call) => call.name === "execute")
    .map((call) => {
      const input = call.input as ExecuteInput;
      const { key, attempt, step, index, action, tree, grants } = input;
      return {
        key,
        attempt,
        at: about.at,
        loop: about.loop,
        step,
        index,
        tool: action.tool,
        input: canonicalJson(action.input),
        actionDigest: action.digest,
        tree,
        businessKey: about.businessKeyOf(input),
        grants,
      };
    });
}

type Found = { outcome: OutcomeRecord["outcome"]; source: OutcomeRecord["source"]; result: unknown };

const unknown = (source: Found["source"]): Found => ({ outcome: "unknown", source, result: null });
const applied = (source: Found["source"], result: unknown): Found => ({ outcome: "applied", source, result });
const notApplied = (source: Found["source"]): Found => ({ outcome: "notApplied", source, result: null });

function fromExecute(reply: ExecuteReply): Found {
  if (reply.outcome === "applied") return applied("tool", reply.result);
  return reply.outcome === "notApplied" ? notApplied("tool") : unknown("tool");
}

function fromReconcile(reply: ReconcileReply, settled: boolean): Found | null {
  if (reply.found === "applied") return applied("reconciliation", reply.result);
  return settled ? notApplied("reconciliation") : null;
}

/** What this event said about the effect under way, or `null`. */
function found(event: JournalEvent, before: View, after: View): Found | null {
  const dispatching = isDispatching(before);
  const settled = before.context.doubt !== null && after.context.doubt === null;
  switch (event.type) {
    case "xstate.done.actor.execute":
      return fromExecute(event.output);
    case "xstate.done.actor.reconcile":
      return fromReconcile(event.output, settled);
    case "host.recovered":
      return dispatching ? unknown("recovery") : null;
    case "effect.lateOutcome":
      return event.outcome === "applied" ? applied("late", event.result) : notApplied("late");
    case "directive.settle":
      if (!settled) return null;
      return event.found === "applied" ? applied("person", event.result) : notApplied("person");
    default:
      return dispatching && !isDispatching(after) ? unknown("timeout") : null;
  }
}

/** The outcome that an event brings to the ledger, in a list of none or one. */
export function outcomesOf(event: JournalEvent, before: View, after: View, at: number): OutcomeRecord[] {
  const what = found(event, before, after);
  const { effect } = before.context;
  if (what === null) return [];
  const late = event.type === "effect.lateOutcome" ? event : null;
  const key = late?.key ?? effect?.key;
  const attempt = late?.attempt ?? effect?.attempts;
  if (key === undefined || attempt === undefined) return [];
  const result = what.outcome === "applied" ? canonicalJson(what.result ?? null) : null;
  return [{ key, attempt, at, outcome: what.outcome, result, source: what.source }];
}
