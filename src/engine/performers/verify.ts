import type { Usage } from "../../../guards/continue.ts";
import type { VerifyInput } from "../../../machines/calls.ts";
import { canonicalJson } from "../../base/digest.ts";
import { bounded } from "../../base/text.ts";
import type { PerformContext } from "../../host/run.ts";
import type { Verifier } from "../../ports/verifier.ts";
import { combineEvidence, type Judged, runVerifiers, type VerifyRun } from "../../verifiers/index.ts";
import { wellFormed } from "./result.ts";
import { type RunScope, treeNow } from "./run-scope.ts";

/** Which verifiers answer for this purpose. The baseline is for the metric alone: those of the goal only if the others have none. */
function suitesFor({ contract }: RunScope, purpose: VerifyInput["purpose"]): (readonly Verifier[])[] {
  const { proposal, goal } = contract.verifiers;
  if (purpose === "baseline") return [proposal, goal];
  return [purpose === "goal" ? goal : proposal];
}

const judge = async (run: VerifyRun): Promise<Judged[]> => wellFormed(await runVerifiers(run)) as Judged[];

const noUsage: Usage = { tokens: 0, costMicroUsd: 0 };
const plus = (a: Usage, b: Usage = noUsage): Usage => ({
  tokens: a.tokens + b.tokens,
  costMicroUsd: a.costMicroUsd + b.costMicroUsd,
});

/** What the opinions used; of one that broke, what it can have used at most. */
function usageOf({ verifiers }: RunScope["contract"], evidence: readonly Judged[]): Usage {
  const all = [...verifiers.proposal, ...verifiers.goal];
  return evidence
    .filter(({ kind }) => kind === "opinion")
    .map(({ usage, verifier }) => usage ?? all.find(({ name }) => name === verifier)?.maxPerCall)
    .reduce<Usage>(plus, noUsage);
}

/** Runs the verifiers on the workspace's tree as it is now, in clean checkouts, and keeps their evidence. */
export const performVerify =
  (scope: RunScope) =>
  async (input: VerifyInput, perform: PerformContext): Promise<unknown> => {
    const { store, contract } = scope;
    const tree = await treeNow(scope);
    const { metric } = contract.rules.progress;
    let evidence: Judged[] = [];
    let usage = noUsage;
    let score: number | null = null;
    for (const verifiers of suitesFor(scope, input.purpose)) {
      evidence = await judge(runOf(scope, { input, tree, verifiers }, perform));
      usage = plus(usage, usageOf(contract, evidence));
      score = metric === undefined ? null : (combineEvidence(evidence).metrics[metric.name] ?? null);
      if (score !== null) break;
    }
    const { verdict, fingerprint, text, summary } = combineEvidence(evidence);
    return {
      purpose: input.purpose,
      proposal: input.turn?.proposal ?? "",
      tree,
      result: verdict,
      fingerprint,
      summary: bounded(verdict === "passed" ? summary : text),
      score,
      evidence: store.putBlob(canonicalJson(evidence)),
      usage,
    };
  };

type Asked = { input: VerifyInput; tree: string | null; verifiers: readonly Verifier[] };

function runOf(
  scope: RunScope,
  { input, tree, verifiers }: Asked,
  { signal, onOutput }: PerformContext,
): VerifyRun {
  const { store, session, processes, clock, runId, goal } = scope;
  return {
    verifiers,
    request: {
      runId,
      purpose: input.purpose === "proposal" ? "proposal" : "goal",
      goal,
      step: input.step,
      actions: input.turn?.actions ?? [],
      tree,
      base: session?.base.tree ?? null,
    },
    session,
    processes,
    clock,
    signal,
    remembered: {
      get: (key) => store.remembered(runId, key),
      set: (key, value) => store.remember(runId, key, value),
    },
    onOutput: (verifier, chunk) => onOutput("verifier", `${verifier}: ${chunk}`),
  };
}
