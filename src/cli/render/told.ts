import type { LimitName } from "../../../guards/continue.ts";
import { unreachable } from "../../../guards/decision.ts";
import type {
  ActReply,
  AssessReply,
  ConfirmReply,
  ExecuteReply,
  JournalEvent,
  LoopEvent,
  ObserveReply,
  Origin,
  ReconcileReply,
  VerifyReply,
} from "../../../machines/events.ts";
import { limitNames, limitWords } from "../limits.ts";
import { jsonText, oneLine } from "./text.ts";
import { plural } from "./units.ts";

export type Tone = "good" | "bad" | "warn" | "plain";

/** One event in a person's words; harmless in a terminal. */
export type Told = { tone: Tone; text: string };

const good = (text: string): Told => ({ tone: "good", text });
const bad = (text: string): Told => ({ tone: "bad", text });
const warn = (text: string): Told => ({ tone: "warn", text });
const plain = (text: string): Told => ({ tone: "plain", text });

const failureText = ({ errorClass, message }: { errorClass: string; message: string }): string =>
  `${errorClass}: ${oneLine(message)}`;
const idText = (id: string): string => oneLine(id, 80);

/** Names and values, of each no more than its first line: enough to know an action again. */
function gistText(value: unknown): string {
  if (typeof value !== "object" || value === null) return value == null ? "" : ` ${jsonText(value, 60)}`;
  const parts = Object.entries(value).map(([name, inner]) => {
    const [line = ""] = typeof inner === "string" ? inner.trim().split("\n", 1) : [];
    return `${oneLine(name, 40)}: ${typeof inner === "string" ? oneLine(line, 60) : jsonText(inner, 60)}`;
  });
  return parts.length === 0 ? "" : ` {${oneLine(parts.join(", "), 160)}}`;
}

function turnText({ turn, note }: Extract<ActReply, { kind: "turn" }>): Told {
  const did = [
    ...(turn.changed ? ["changed the workspace"] : []),
    ...turn.actions.map(({ tool, input }) => `proposes ${oneLine(tool, 80)}${gistText(input)}`),
    ...(turn.claim === "done" ? ["claims that it is done"] : []),
    ...(turn.claim === "stuck" ? ["says that it is stuck"] : []),
  ];
  const text = did.length === 0 ? "nothing proposed, nothing changed" : did.join(", ");
  return plain(note === null ? `agent: ${text}` : `agent: ${oneLine(note, 200)} (${text})`);
}

const actText = (reply: ActReply): Told =>
  reply.kind === "turn" ? turnText(reply) : bad(`agent failed, ${failureText(reply.failure)}`);

const purposes = { baseline: "baseline", proposal: "checks", goal: "goal checks" } as const;

function verifyText({ purpose, result, summary, score }: VerifyReply): Told {
  const value = score === null ? "" : ` [${score}]`;
  const [first = ""] = summary.split("\n");
  const words = `${purposes[purpose]} ${purpose === "baseline" ? "measured" : result}${value}: ${oneLine(first)}`;
  if (purpose === "baseline") return plain(words);
  return result === "passed" ? good(words) : result === "failed" ? bad(words) : warn(words);
}

/** Only what stands in an action's way is worth a line. */
function assessText({ facts }: AssessReply): Told | null {
  const obstacles = [
    ...(facts.halted ? ["a halt is in force"] : []),
    ...(facts.inputValid ? [] : ["the arguments do not fit the tool"]),
    ...(facts.inScope ? [] : ["out of scope"]),
    ...(facts.permitted ? [] : ["a permission is missing"]),
    ...(facts.policy === "forbid" ? ["the policy forbids it"] : []),
    ...(facts.duplicateOf === null ? [] : [`effect ${idText(facts.duplicateOf)} holds its business key`]),
    ...(facts.appliedBefore === null ? [] : [`already applied as ${idText(facts.appliedBefore)}`]),
    ...(facts.policy === "ask" ? ["the policy asks for approval"] : []),
  ];
  return obstacles.length === 0 ? null : warn(`gate: ${obstacles.join(", ")}`);
}

const observeText = (reply: ObserveReply): Told =>
  reply.outcome === "observed"
    ? plain(`read: ${jsonText(reply.result, 200)}`)
    : bad(`read failed, ${failureText(reply.failure)}`);

function executeText(reply: ExecuteReply): Told {
  if (reply.outcome === "applied") return good(`effect applied${gistText(reply.result)}`);
  if (reply.outcome === "notApplied") return bad(`effect not applied, ${failureText(reply.failure)}`);
  return warn(`effect in doubt, ${failureText(reply.failure)}`);
}

function reconcileText(reply: ReconcileReply): Told {
  if (reply.found === "applied") return good(`reconciled: it was applied${gistText(reply.result)}`);
  return warn(
    reply.found === "absent"
      ? "reconciled: the tool knows nothing of it"
      : `not reconciled, ${failureText(reply.failure)}`,
  );
}

function confirmText({ confirmed, detail }: ConfirmReply): Told {
  const more = detail === null ? "" : `: ${oneLine(detail)}`;
  return confirmed ? good(`effect confirmed${more}`) : bad(`effect not confirmed${more}`);
}

/** `xstate.after.untilDue.waiting` and `xstate.after.untilDue.loop.effect.settling`: a state by its id or by its path. */
const timerState = (type: string): string => type.slice(type.lastIndexOf(".") + 1);

function timerText(type: string): Told {
  const state = timerState(type);
  if (state === "waiting" || state === "settling") return plain("the wait is over");
  if (state === "awaitingApproval") return warn("nobody answered in time; silence is never consent");
  if (state === "escalated") return warn("nobody came in time; the run is stopped");
  return bad(`${state} took too long`);
}

const refusals: Record<Extract<LoopEvent, { type: "commit.refused" }>["reason"], string> = {
  duplicate: "another effect holds the same business key",
  grantUsed: "the grant was already used",
  halted: "a halt is in force",
};

const signature = ({ by, signed }: { by: string; signed: boolean }): string =>
  `${oneLine(by, 80)}${signed ? "" : " (unsigned)"}`;

function raiseText(raise: Partial<Record<LimitName, number>>): string {
  const parts = limitNames.flatMap((name) =>
    raise[name] === undefined || raise[name] === 0
      ? []
      : [`${limitWords[name].label} +${limitWords[name].show(raise[name])}`],
  );
  return parts.length === 0 ? "" : `, raising ${parts.join(", ")}`;
}

const because = {
  changeAccepted: "accepted the change of contract or chart",
  limitRaised: "raised the limit",
} as const;

function originText(event: Origin): Told {
  if (event.type === "run.started") return plain(`started: ${oneLine(event.goal)}`);
  return plain(`goes on: ${signature(event)} ${because[event.because]}`);
}

type Rest = Exclude<LoopEvent, { type: `xstate.done.actor.${string}` }>;

function wordText(event: Rest): Told {
  switch (event.type) {
    case "host.recovered":
      return warn("went on after an interruption; what was in flight starts over");
    case "host.failed":
      return bad(`internal fault: ${oneLine(event.message)}`);
    case "commit.refused":
      return warn(`the store refused the dispatch: ${refusals[event.reason]}`);
    case "effect.lateOutcome":
      return warn(`late answer about ${idText(event.key)}, attempt ${event.attempt}: ${event.outcome}`);
    case "approval.granted":
      return good(`approved by ${signature(event)} (${plural(event.grants.length, "grant")})`);
    case "approval.denied":
      return bad(`denied by ${signature(event)}: ${oneLine(event.reason)}`);
    case "directive.resume": {
      const say = event.say === null ? "" : `, saying: ${oneLine(event.say)}`;
      return plain(`resumed by ${signature(event)}${raiseText(event.raise)}${say}`);
    }
    case "directive.settle":
      return plain(`settled as ${event.found} by ${signature(event)}: ${idText(event.key)}`);
    case "directive.abort":
      return warn(`aborted by ${signature(event)}: ${oneLine(event.reason)}`);
    case "directive.halt":
      return warn(`halted by ${signature(event)}: ${oneLine(event.reason)}`);
    case "directive.liftHalt":
      return plain(`halt lifted by ${signature(event)}`);
    default:
      return unreachable(event);
  }
}

/** One event in words, or `null` where there is nothing to tell. */
export function tell(event: JournalEvent): Told | null {
  switch (event.type) {
    case "run.started":
    case "run.continued":
      return originText(event);
    case "xstate.done.actor.act":
      return actText(event.output);
    case "xstate.done.actor.verify":
      return verifyText(event.output);
    case "xstate.done.actor.assess":
      return assessText(event.output);
    case "xstate.done.actor.observe":
      return observeText(event.output);
    case "xstate.done.actor.execute":
      return executeText(event.output);
    case "xstate.done.actor.reconcile":
      return reconcileText(event.output);
    case "xstate.done.actor.confirm":
      return confirmText(event.output);
    default:
      return event.type.startsWith("xstate.after.") ? timerText(event.type) : wordText(event as Rest);
  }
}
