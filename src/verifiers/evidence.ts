import { performance } from "node:perf_hooks";
import { z } from "zod";
import { Usage } from "../../guards/continue.ts";
import { digestBytes } from "../base/digest.ts";
import { bounded } from "../base/text.ts";
import type { Evidence, Verdict } from "../ports/verifier.ts";
import { summaryCharsMax } from "./limits.ts";

const count = z.int().min(0);

/** The shape of what a verifier must answer; anything else counts as unverifiable. */
export const EvidenceShape = z.object({
  verifier: z.string().min(1),
  verdict: z.enum(["passed", "failed", "unverifiable"]),
  summary: z.string(),
  fingerprint: z.string().min(1),
  durationMs: z.number().min(0),
  command: z.array(z.string()).exactOptional(),
  exitCode: z.int().nullable().exactOptional(),
  sandboxed: z.boolean().exactOptional(),
  counts: z.object({ passed: count, failed: count, skipped: count, total: count }).exactOptional(),
  metrics: z.record(z.string(), z.number()).exactOptional(),
  treeBefore: z.string().exactOptional(),
  treeAfter: z.string().exactOptional(),
  output: z.string().exactOptional(),
  usage: Usage.exactOptional(),
});

export type Finding = {
  verifier: string;
  verdict: Verdict;
  /** One line; more is cut. */
  summary: string;
  /** What makes two failures the same: no times, no temporary paths. */
  because: unknown;
  durationMs: number;
};

/** A digest that takes any text as it is: what checks print may hold halves of characters, which have no canonical form. */
export const digestText = (value: unknown): string => digestBytes(JSON.stringify(value));

/** Evidence with a fingerprint over verifier, verdict and cause, its output bounded. */
export function evidence(
  { because, summary, ...finding }: Finding,
  more: Partial<
    Pick<
      Evidence,
      | "command"
      | "exitCode"
      | "sandboxed"
      | "counts"
      | "metrics"
      | "treeBefore"
      | "treeAfter"
      | "output"
      | "usage"
    >
  > = {},
): Evidence {
  const fingerprint = digestText([finding.verifier, finding.verdict, because]);
  const { output, ...rest } = more;
  const explained = output === undefined || output === "" ? {} : { output: bounded(output) };
  return { ...finding, summary: oneLine(summary), fingerprint, ...rest, ...explained };
}

export const oneLine = (text: string): string =>
  bounded(text.replace(/\s+/g, " ").trim(), summaryCharsMax).replace(/\n/g, " ");

/** Starts counting; the returned function says how many milliseconds have passed. */
export function stopwatch(): () => number {
  const start = performance.now();
  return () => Math.round(performance.now() - start);
}
