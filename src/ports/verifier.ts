import type { Usage } from "./agent.ts";
import type { Json } from "./json.ts";
import type { Containment, ProcessRunner } from "./process.ts";
import type { Change, Checkout, CheckoutOptions } from "./workspace.ts";

export type Verdict = "passed" | "failed" | "unverifiable";

/** What a verifier saw. Made by the runtime, never by the agent. */
export type Evidence = {
  verifier: string;
  verdict: Verdict;
  /** One line for a person: `62 of 64 tests passed`. */
  summary: string;
  /** Equal for equal failures: what repetition and `sameFailure` compare. Free of times and temporary paths. */
  fingerprint: string;
  durationMs: number;
  /** For verifiers that ran a command. */
  command?: readonly string[];
  exitCode?: number | null;
  /** Whether the command ran shut in. */
  sandboxed?: boolean;
  counts?: { passed: number; failed: number; skipped: number; total: number };
  /** Numbers for progress, by name: `{ failing: 3 }`. */
  metrics?: Readonly<Record<string, number>>;
  /** Digest of the checked tree before and after; different means the check changed its own input and is void. */
  treeBefore?: string;
  treeAfter?: string;
  /** Bounded output that explains a failure to the agent and to a person. */
  output?: string;
  /** What an opinion's model call used. */
  usage?: Usage;
};

/** What is to be verified. `goal` runs on the final state after a claim of done. */
export type VerifyRequest = {
  runId: string;
  purpose: "proposal" | "goal";
  goal: string;
  step: number;
  actions: readonly { tool: string; input: Json }[];
  /** The tree under verification and the tree the run started from; `null` without a workspace. */
  tree: string | null;
  base: string | null;
};

export type VerifyContext = {
  signal: AbortSignal;
  processes: ProcessRunner;
  onOutput: (chunk: string) => void;
  /** A clean checkout of the tree under verification (or of `tree`); the runtime disposes of it. */
  checkout(options?: CheckoutOptions & { tree?: string }): Promise<Checkout>;
  /** Changes from the base to the tree under verification. */
  changes(): Promise<Change[]>;
  /** Remembers a value for the run by key, durable over crashes: the base's test count is measured once. */
  remember<T extends Json>(key: string, measure: () => Promise<T>): Promise<T>;
};

/**
 * An external check. `check` and `human` may carry a verdict; an `opinion` (a model's judgement) is advice
 * and never suffices. It must end soon after `signal` aborts; what it throws counts as unverifiable.
 */
export type Verifier<Kind extends "check" | "human" | "opinion" = "check" | "human" | "opinion"> = {
  kind: Kind;
  name: string;
  containment: Containment;
  /** Milliseconds; default 10 minutes. */
  timeoutMs?: number;
  /** The most that one call of an opinion can use. Without it, what a lost call used is not charged. */
  maxPerCall?: Usage;
  verify(request: VerifyRequest, context: VerifyContext): Promise<Evidence>;
};
