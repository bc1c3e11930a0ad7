import type { BaseCount } from "./counting.ts";
import { failingUnknown } from "./limits.ts";
import type { Tally } from "./reports/report.ts";

/** One thing that is wrong with a test run. */
export type Problem = { kind: string; text: string };

/** `unreadable` says why no report could be read; `null` when one was, or when none can be expected. */
export type Exit = { exitCode: number | null; unreadable: string | null };

export type Counted = Exit & { tally: Tally; base: BaseCount; min: number };

/** Everything that is wrong with a test run that went through; nothing wrong is the only way to pass. */
export function problemsOf({ tally, base, min, exitCode, unreadable }: Counted): Problem[] {
  const { run, failed, total } = tally;
  const baseRun = base?.run ?? 0;
  const found: readonly (Problem & { holds: boolean })[] = [
    { kind: "failing", holds: failed > 0, text: `${failed} of ${total} tests failed` },
    { kind: "unreadable", holds: unreadable !== null, text: unreadable ?? "" },
    { kind: "noTests", holds: run === 0, text: "no test ran" },
    { kind: "tooFew", holds: run > 0 && run < min, text: `${run} tests ran, at least ${min} must` },
    { kind: "fewerThanBase", holds: run < baseRun, text: `${run} tests ran, on the base ${baseRun}` },
    { kind: "contradiction", holds: failed > 0 && exitCode === 0, text: "yet the exit code is 0" },
    {
      kind: "contradiction",
      holds: failed === 0 && exitCode !== 0,
      text: `exit code ${exitCode} though no test failed`,
    },
  ];
  return found.filter(({ holds }) => holds).map(({ kind, text }) => ({ kind, text }));
}

export type Measured = {
  tally: Tally;
  base: BaseCount;
  failed: boolean;
  /** Killed before it was through. */
  cut: boolean;
};

/**
 * Numbers for progress. `failing` counts what failed and what is missing against the base; a suite that does not get
 * through is as bad as one in which everything fails. So nothing that hides tests is progress.
 */
export function metricsOf({ tally, base, failed, cut }: Measured): {
  failing: number;
  passed: number;
  total: number;
} {
  const worst = base === null ? failingUnknown : Math.max(base.total, tally.total);
  const missing = Math.max(0, (base?.run ?? 0) - tally.run);
  const failing = cut || tally.run === 0 ? worst : Math.max(tally.failed + missing, failed ? 1 : 0);
  return { failing, passed: tally.passed, total: tally.total };
}
