/** Each state of the charts in a sentence for a person. */
export const explanations: Record<string, string> = {
  measuring: "measures the progress metric where the run starts from",
  deciding: "decides whether the next turn may start",
  acting: "the agent works on its turn; what it proposes has not happened",
  verifying: "runs the verifiers in a clean checkout",
  "effect.assessing": "collects the facts about one action just before it would run",
  "effect.awaitingApproval": "waits for a person to approve one effect; silence is never consent",
  "effect.observing": "performs a read",
  "effect.committing": "dispatches one effect; its intent is on record",
  "effect.reconciling": "asks the tool what became of an effect whose outcome is unknown",
  "effect.settling": "waits before it asks again what became of an effect",
  "effect.confirming": "checks that an applied effect did what it should",
  waiting: "waits before it tries again",
  escalated: "parked for a person",
  succeeded: "ended: the goal verifiers passed on the final state",
  stopped: "ended without success",
};
