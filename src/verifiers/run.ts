import type { Clock } from "../base/clock.ts";
import { isLoopwrightError, messageOf } from "../base/errors.ts";
import { messageCharsMax } from "../base/limits.ts";
import { bounded } from "../base/text.ts";
import type { Evidence, Verifier, VerifyRequest } from "../ports/verifier.ts";
import type { Judged } from "./combine.ts";
import { type Lent, openContext } from "./context.ts";
import { EvidenceShape, evidence, oneLine } from "./evidence.ts";
import { commandTimeoutMsDefault, settleMs } from "./limits.ts";
import { stableLines } from "./output.ts";

export type VerifyRun = Lent & {
  verifiers: readonly Verifier[];
  request: VerifyRequest;
  clock: Pick<Clock, "now" | "after">;
  signal: AbortSignal;
  /** Called with each chunk of output and the name of the verifier it belongs to. */
  onOutput: (verifier: string, chunk: string) => void;
};

/**
 * Runs all verifiers, one after another, each within its own time. It never throws: what a verifier throws, a time-out,
 * and evidence of the wrong shape are unverifiable. What comes after the end of its time is ignored.
 */
export async function runVerifiers(run: VerifyRun): Promise<Judged[]> {
  const judged: Judged[] = [];
  for (const verifier of run.verifiers)
    judged.push({ ...(await runOne(verifier, run)), kind: verifier.kind });
  return judged;
}

async function runOne(verifier: Verifier, run: VerifyRun): Promise<Evidence> {
  const start = run.clock.now();
  const timeout = new AbortController();
  const signal = AbortSignal.any([run.signal, timeout.signal]);
  const { context, close } = openContext({
    ...run,
    verifier: verifier.name,
    signal,
    onOutput: (chunk) => run.onOutput(verifier.name, chunk),
  });
  const timeoutMs = verifier.timeoutMs ?? commandTimeoutMsDefault;
  const cancel = run.clock.after(timeoutMs, () =>
    timeout.abort(new Error(`took longer than ${timeoutMs} ms`)),
  );
  const durationMs = (): number => Math.max(0, run.clock.now() - start);
  let running: Promise<unknown> = Promise.resolve();
  try {
    signal.throwIfAborted();
    running = verifier.verify(run.request, context);
    return checked(verifier, await Promise.race([running, rejected(signal)]));
  } catch (error) {
    return unverifiable(verifier.name, timeout.signal.aborted ? timeout.signal.reason : error, durationMs());
  } finally {
    cancel();
    await settled(running, run.clock);
    await close();
  }
}

/** Waits for an aborted verifier to let go of its checkouts, but not for ever. */
async function settled(running: Promise<unknown>, clock: VerifyRun["clock"]): Promise<void> {
  let cancel = (): void => {};
  const patience = new Promise<void>((resolve) => {
    cancel = clock.after(settleMs, resolve);
  });
  await Promise.race([running.catch(() => {}), patience]);
  cancel();
}

const rejected = (signal: AbortSignal): Promise<never> =>
  new Promise((_resolve, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });

// Evidence is written by verifiers that people wrote: its name is the runtime's, its texts are bounded.
function checked({ name }: Verifier, answer: unknown): Evidence {
  const parsed = EvidenceShape.safeParse(answer);
  if (!parsed.success) {
    const { path, message } = parsed.error.issues[0]!;
    throw new Error(`its evidence is not valid at \`${path.join(".")}\`: ${message}`);
  }
  const { output, ...rest } = parsed.data;
  const shown = output === undefined ? {} : { output: bounded(output, messageCharsMax) };
  return { ...rest, ...shown, verifier: name, summary: oneLine(rest.summary) };
}

function unverifiable(verifier: string, error: unknown, durationMs: number): Evidence {
  const text = isLoopwrightError(error) ? `${error.message}; ${error.fix}` : messageOf(error);
  const summary = `could not be verified: ${text}`;
  return evidence(
    { verifier, verdict: "unverifiable", summary, because: stableLines(text), durationMs },
    { output: text },
  );
}
