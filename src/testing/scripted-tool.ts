import { z } from "zod";
import type { ErrorClass } from "../../guards/retry.ts";
import type { Clock } from "../base/clock.ts";
import { systemClock } from "../base/system-clock.ts";
import type { Json } from "../ports/json.ts";
import type { AnyTool, ReconcileOutcome, Tool, ToolContext } from "../ports/tool.ts";
import { defineTool, NotApplied } from "../tools/index.ts";
import { after, untilAborted } from "./waiting.ts";

/**
 * How one call of a scripted tool goes.
 * - `applies`: it happens and says so.
 * - `losesReply`: it happens, and the connection breaks before anybody hears of it.
 * - `losesRequest`: nothing happens, and the connection breaks all the same: from outside it looks like `losesReply`.
 * - `answers500`: it happens, and the other side answers with a 500.
 * - `breaks`: it happens, and `execute` itself throws, as that of a tool may which `defineTool` has not made.
 * - `hangs`: it happens, and no answer ever comes.
 * - `afterMs`: it happens, and the answer comes after so long, whether or not anybody still waits for it.
 * - `retryAfterMs`: the other side answers with a 429 and its Retry-After; nothing happens.
 * - `refuses`: it certainly does not happen, for this class of error.
 * - `unsure`: it ends with this class of error, and nobody can tell; `applied` is what is true.
 */
export type ToolMode =
  | "applies"
  | "losesReply"
  | "losesRequest"
  | "answers500"
  | "breaks"
  | "hangs"
  | { afterMs: number }
  | { retryAfterMs: number }
  | { refuses: ErrorClass }
  | { unsure: ErrorClass; applied: boolean };

/** What a scripted tool answers when it is asked what happened: the truth by default; `unknown`, breaking, or nothing at all. */
export type ReconcileMode = "truth" | "unknown" | "throws" | "hangs";

/** One call that a scripted tool got: the effect's key, the attempt, and the arguments. */
export type ToolCall = { key: string; attempt: number; input: unknown; at: number };

/** What truly happened behind a scripted tool, whatever it answered. */
export type ToolRecord = {
  /** Every call, in order. */
  readonly calls: readonly ToolCall[];
  /** What is in the world; a tool that is repeat-safe applies a key once. */
  readonly applied: readonly ToolCall[];
  /** Keys that it was asked about, in order. */
  readonly asked: readonly string[];
  /** How often the effect with this key is in the world; without a key: how many effects are. */
  times(key?: string): number;
};

export type ScriptedToolOptions = {
  /** The tool whose name, rules and arguments it takes over. Default: a repeat-safe write called `scripted` that takes anything. */
  like?: AnyTool;
  /** What differs from that tool. */
  rules?: Partial<Omit<Tool, "execute" | "reconcile" | "confirm">>;
  /** How the calls go, in order. */
  modes?: readonly ToolMode[];
  /** Every call beyond these. Default `applies`. */
  afterwards?: ToolMode;
  /** What it answers when asked, in order. */
  reconciles?: readonly ReconcileMode[];
  /** Every question beyond these. Default `truth`. */
  reconcilesAfterwards?: ReconcileMode;
  /** Whether the post-condition holds. Default: it does, and a tool without one has none. */
  confirms?: boolean;
  /** What times are taken from. Default: the system's clock. */
  clock?: Pick<Clock, "now" | "after">;
};

/** A tool that plays a script, and what truly happened. */
export type ScriptedTool = AnyTool & { readonly record: ToolRecord };

const base = defineTool({
  name: "scripted",
  description: "Plays a script.",
  input: z.unknown(),
  effect: "write",
  repeat: "safe",
  execute: async () => null,
});

const status = (code: number): Error => Object.assign(new Error(`status ${code}`), { status: code });
const broken = (): Error => Object.assign(new Error("socket hang up"), { code: "ECONNRESET" });

/** Does the request arrive at all under this mode? */
const arrives = (mode: ToolMode): boolean => {
  if (typeof mode === "string") return mode !== "losesRequest";
  return "afterMs" in mode || ("unsure" in mode && mode.applied);
};

/**
 * A tool that plays a script and counts what truly happened, which is not always what it says. One that burns keys does not
 * apply an attempt any more, however late it arrives, once it was asked about it.
 */
export function scriptedTool(options: ScriptedToolOptions = {}): ScriptedTool {
  const { like = base, rules = {}, modes = [], afterwards = "applies", clock = systemClock } = options;
  const { reconciles = [], reconcilesAfterwards = "truth", confirms } = options;
  const tool: AnyTool = { ...like, ...rules };
  const calls: ToolCall[] = [];
  const applied: ToolCall[] = [];
  const asked: string[] = [];
  const burned = new Map<string, number>();
  const times = (key?: string): number =>
    applied.filter((one) => key === undefined || one.key === key).length;

  const nextMode = (): ToolMode => modes[calls.length] ?? afterwards;

  /** The request reaches the other side. */
  function happen(call: ToolCall): void {
    if (tool.repeat === "safe" && times(call.key) > 0) return;
    if (call.attempt <= (burned.get(call.key) ?? 0)) return;
    applied.push(call);
  }

  async function answer(mode: ToolMode, result: Json, { signal }: ToolContext): Promise<unknown> {
    if (mode === "applies") return result;
    if (mode === "hangs") return untilAborted(signal);
    if (mode === "answers500") throw status(500);
    if (typeof mode === "string") throw broken();
    if ("retryAfterMs" in mode) {
      const { retryAfterMs } = mode;
      throw new NotApplied("status 429", { errorClass: "rateLimited", retryAfterMs });
    }
    if ("refuses" in mode) throw new NotApplied(`refused: ${mode.refuses}`, { errorClass: mode.refuses });
    if ("afterMs" in mode) return after(clock, mode.afterMs).then(() => result);
    const message = `nobody can tell: ${mode.unsure}`;
    return { outcome: "unknown", failure: { errorClass: mode.unsure, message, retryAfterMs: null } };
  }

  async function execute(input: unknown, context: ToolContext): Promise<unknown> {
    const { key, attempt } = context;
    const mode = nextMode();
    const call = { key, attempt, input, at: clock.now() };
    calls.push(call);
    if (arrives(mode)) happen(call);
    return answer(mode, { done: tool.name, key }, context);
  }

  async function reconcile(
    _input: unknown,
    { key, attempt, signal }: ToolContext,
  ): Promise<ReconcileOutcome> {
    const mode = reconciles[asked.length] ?? reconcilesAfterwards;
    asked.push(key);
    if (tool.burnsKey) burned.set(key, attempt);
    if (mode === "hangs") return untilAborted(signal);
    if (mode === "throws") throw broken();
    if (mode === "truth")
      return times(key) > 0 ? { found: "applied", result: { done: tool.name, key } } : { found: "absent" };
    const failure = {
      errorClass: "unavailable",
      message: "the script does not say",
      retryAfterMs: null,
    } as const;
    return { found: "unknown", failure };
  }

  // What it throws is classified as what a real tool throws.
  const played = defineTool({
    name: "scripted",
    description: tool.description,
    input: tool.input,
    effect: tool.effect,
    execute,
    reconcile,
  });
  const { execute: _execute, reconcile: _reconcile, confirm, ...declared } = tool;
  return {
    ...declared,
    execute: (given: unknown, context: ToolContext) =>
      nextMode() === "breaks" ? execute(given, context) : played.execute(given, context),
    ...((tool.repeat === "reconcile" || tool.burnsKey) && { reconcile: played.reconcile }),
    ...((confirm !== undefined || confirms !== undefined) && { confirm: async () => confirms ?? true }),
    record: { calls, applied, asked, times },
  } as ScriptedTool;
}
