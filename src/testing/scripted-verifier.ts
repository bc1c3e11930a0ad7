import type { Clock } from "../base/clock.ts";
import { systemClock } from "../base/system-clock.ts";
import type { Evidence, Verdict, Verifier, VerifyContext, VerifyRequest } from "../ports/verifier.ts";
import { unlessAborted, untilAborted } from "./waiting.ts";

/**
 * What a scripted verifier does in one step. `throws`: it breaks. `hangs`: it never answers, and ends when it is aborted.
 * An object is evidence with a verdict, given after `afterMs` of the clock.
 */
export type ScriptedVerdict =
  | Verdict
  | "throws"
  | "hangs"
  | (Partial<Evidence> & { verdict: Verdict; afterMs?: number });

export type ScriptedVerifierOptions<Kind extends Verifier["kind"]> = {
  /** Default `scripted`. */
  name?: string;
  /** Default `check`. */
  kind?: Kind;
  /** What it does by the step of the run: the first for step 1. A step has one for the proposal and the goal alike. */
  verdicts?: readonly ScriptedVerdict[];
  /** Every step beyond these, and the measurement before the first. Default `passed`. */
  afterwards?: ScriptedVerdict;
  /** Numbers that go with each verdict. */
  metrics?: Evidence["metrics"];
  timeoutMs?: number;
  /** What `afterMs` is counted by. Default: the system's clock. */
  clock?: Pick<Clock, "after">;
};

/** A verifier that plays a script, and what it was asked. */
export type ScriptedVerifier<Kind extends Verifier["kind"] = Verifier["kind"]> = Verifier<Kind> & {
  readonly asked: readonly VerifyRequest[];
};

/**
 * A verifier that says what a script says, by the step of the run and not by counting calls, so that a run which was killed
 * and resumed hears the same. Its failures are equal as long as the script does not give them another fingerprint.
 */
export function scriptedVerifier<Kind extends Verifier["kind"] = "check">(
  options: ScriptedVerifierOptions<Kind> = {},
): ScriptedVerifier<Kind> {
  const { name = "scripted", verdicts = [], afterwards = "passed", clock = systemClock } = options;
  const { metrics, timeoutMs } = options;
  const asked: VerifyRequest[] = [];

  async function verify(request: VerifyRequest, { signal }: VerifyContext): Promise<Evidence> {
    asked.push(request);
    const scripted = verdicts[request.step - 1] ?? afterwards;
    if (scripted === "throws") throw new Error(`${name} broke`);
    if (scripted === "hangs") return untilAborted(signal);
    const { afterMs, ...evidence } = typeof scripted === "string" ? { verdict: scripted } : scripted;
    if (afterMs !== undefined) await unlessAborted(clock, afterMs, signal);
    return {
      verifier: name,
      summary: `the script says: ${evidence.verdict}`,
      fingerprint: evidence.verdict,
      durationMs: afterMs ?? 0,
      usage: { tokens: 0, costMicroUsd: 0 },
      ...(metrics && { metrics }),
      ...evidence,
    };
  }

  return {
    kind: (options.kind ?? "check") as Kind,
    name,
    containment: "sandbox",
    ...(timeoutMs !== undefined && { timeoutMs }),
    verify,
    asked,
  };
}
