import type { VerifyInput } from "../../../machines/calls.ts";
import { canonicalJson } from "../../base/digest.ts";
import type { PerformContext } from "../../host/run.ts";
import type { Verifier } from "../../ports/verifier.ts";
import { combineEvidence, runVerifiers } from "../../verifiers/index.ts";
import { type RunScope, treeNow } from "./run-scope.ts";

/** Which verifiers answer for this purpose; the baseline asks all of them, for the metric alone. */
function verifiersFor({ contract }: RunScope, purpose: VerifyInput["purpose"]): readonly Verifier[] {
  const { proposal, goal } = contract.verifiers;
  if (purpose === "baseline") return [...new Set([...goal, ...proposal])];
  return purpose === "goal" ? goal : proposal;
}

/** Runs the verifiers on the workspace's tree as it is now, in clean checkouts, and keeps their evidence. */
export const performVerify =
  (scope: RunScope) =>
  async (input: VerifyInput, { signal, onOutput }: PerformContext): Promise<unknown> => {
    const { store, session, processes, clock, runId } = scope;
    const tree = await treeNow(scope);
    const evidence = await runVerifiers({
      verifiers: verifiersFor(scope, input.purpose),
      request: {
        runId,
        purpose: input.purpose === "proposal" ? "proposal" : "goal",
        goal: scope.goal,
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
      onOutput: (verifier, text) => onOutput("verifier", `${verifier}: ${text}`),
    });
    const { verdict, fingerprint, text, summary, metrics } = combineEvidence(evidence);
    const { metric } = scope.contract.rules.progress;
    return {
      purpose: input.purpose,
      proposal: input.turn?.proposal ?? "",
      tree,
      result: verdict,
      fingerprint,
      summary: verdict === "passed" ? summary : text,
      score: metric === undefined ? null : (metrics[metric.name] ?? null),
      evidence: store.putBlob(canonicalJson(evidence)),
      usage: { tokens: 0, costMicroUsd: 0 },
    };
  };
