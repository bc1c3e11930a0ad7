import type { LimitName } from "../../../guards/continue.ts";
import type { JournalEvent } from "../../../machines/events.ts";
import type { RunEvent, RunStatusReport } from "../../engine/types.ts";
import type { Evidence } from "../../ports/verifier.ts";
import { endsTurn } from "../journal.ts";
import { tell } from "./told.ts";

/** Characters kept of the newest live output; one line of it is shown. */
const outputCharsMax = 2_000;

/** What the live view shows of a run: a fold of its events. */
export type View = {
  runId: string;
  loop: string;
  /** Turns that have ended: the step that an event belongs to. */
  step: number;
  state: string;
  /** When the present state began. */
  since: number;
  call: string | null;
  limits: Record<LimitName, number>;
  remaining: Record<LimitName, number>;
  checks: readonly Evidence[];
  /** The progress metric: its name, and its value at the start, best and now. */
  metric: {
    name: string;
    lowerIsBetter: boolean;
    first: number | null;
    best: number | null;
    now: number | null;
  } | null;
  /** The last failure, until a verification passes. */
  failure: string | null;
  output: string;
};

type Metric = { name: string; direction?: string | undefined };

export function openView({ status, metric }: { status: RunStatusReport; metric: Metric | undefined }): View {
  const limits = {} as View["limits"];
  const remaining = {} as View["remaining"];
  for (const [name, { limit, remaining: left }] of Object.entries(status.budget) as [
    LimitName,
    { limit: number; remaining: number },
  ][]) {
    limits[name] = limit;
    remaining[name] = left;
  }
  const lowerIsBetter = metric?.direction !== "higher";
  return {
    runId: status.runId,
    loop: status.loop,
    step: 0,
    state: status.state.name,
    since: status.state.since,
    call: status.mayDo.call,
    limits,
    remaining,
    checks: [],
    metric:
      metric === undefined ? null : { name: metric.name, lowerIsBetter, first: null, best: null, now: null },
    failure: null,
    output: "",
  };
}

function measured(view: View, score: number): View["metric"] {
  const { metric } = view;
  if (metric === null) return null;
  const { best, first, lowerIsBetter } = metric;
  const better = best === null || (lowerIsBetter ? score < best : score > best);
  return { ...metric, first: first ?? score, best: better ? score : best, now: score };
}

/** Takes in what one journal event says about checks, metric and failure. */
export function learn(view: View, event: JournalEvent, checks: readonly Evidence[] | null): View {
  if (event.type === "xstate.done.actor.verify") {
    const { result, score, purpose } = event.output;
    const failure =
      result === "passed" ? null : purpose === "baseline" ? view.failure : (tell(event)?.text ?? null);
    return {
      ...view,
      failure,
      checks: checks ?? [],
      metric: score === null ? view.metric : measured(view, score),
    };
  }
  const step = view.step + (endsTurn(event.type) ? 1 : 0);
  const told = tell(event);
  return told?.tone === "bad" ? { ...view, step, failure: told.text } : { ...view, step };
}

/** Takes in one event of the run as it happens. */
export function follow(view: View, event: RunEvent, checks: readonly Evidence[] | null): View {
  if (event.kind === "output") return { ...view, output: (view.output + event.text).slice(-outputCharsMax) };
  const { state, remaining, call, at } = event;
  const moved = state === view.state && call === view.call ? {} : { since: at, output: "" };
  return {
    ...learn(view, event.event, checks),
    ...moved,
    state,
    remaining: { ...remaining },
    call,
    limits: raised(view, event.event),
  };
}

function raised({ limits }: View, event: JournalEvent): View["limits"] {
  if (event.type !== "directive.resume") return limits;
  const next = { ...limits };
  for (const [name, more] of Object.entries(event.raise) as [LimitName, number][]) next[name] += more;
  return next;
}
