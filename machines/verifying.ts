import type { VerifyReply } from "./events.ts";
import { type Args, type Parameters, purposeOf, timeOf, turnOf } from "./parameters.ts";
import type { LoopRules } from "./rules.ts";
import { chart } from "./setup.ts";
import { closeCall, escalateFor, finishFor, forfeit, recordFailure, replyOf, wiringOf } from "./wiring.ts";

/** Runs the verifiers on the proposal, or on the final state after a claim of done. Shared by `loop` and `call`. */
export function verifyingStates(rules: LoopRules, parameters: Parameters, exits: { decide: string }) {
  const { openVerification, startOver, outOfTime } = wiringOf(rules, parameters);
  const reply = (args: Args) => replyOf<VerifyReply>(args);
  const judged = (args: Args) => ({
    result: reply(args).result,
    purpose: purposeOf(args) === "goal" ? ("goal" as const) : ("proposal" as const),
    inDoubt: args.context.doubt !== null,
  });
  const settleUsage = {
    type: "settleUsage" as const,
    params: (args: Args) => ({ usage: reply(args).usage }),
  };
  const recordVerdict = {
    type: "recordVerdict" as const,
    params: (args: Args) => {
      const { result, proposal, tree, fingerprint, score } = reply(args);
      return { verdict: { result, proposal, tree, at: timeOf(args) }, fingerprint, score };
    },
  };
  const keepBest = {
    type: "keepBest" as const,
    params: (args: Args) => ({
      score: reply(args).score,
      lowerIsBetter: rules.progress.metric?.direction !== "higher",
      strict: rules.retry.workspace === "strictRatchet",
    }),
  };
  const learn = [closeCall, settleUsage, recordVerdict, keepBest] as const;

  const verifying = chart.createStateConfig({
    id: "verifying",
    entry: openVerification,
    invoke: {
      id: "verify",
      src: "verify",
      input: ({ context }) => ({
        callId: context.call!.id,
        step: context.spent.steps,
        purpose: purposeOf({ context }),
        turn: turnOf({ context }),
      }),
      onDone: [
        {
          guard: { type: "isGoalReached", params: judged },
          target: "#succeeded",
          actions: [...learn, finishFor("goal")],
        },
        {
          guard: { type: "isRejected", params: judged },
          target: "#retrying",
          actions: [
            ...learn,
            {
              type: "observeRefusal",
              params: (args) => ({ result: reply(args).fingerprint, rules: rules.repetition }),
            },
            recordFailure((args) => ({
              origin: "proposal",
              errorClass: "verificationFailed",
              message: reply(args).summary,
              retryAfterMs: null,
              fingerprint: reply(args).fingerprint,
              score: reply(args).score,
            })),
          ],
        },
        {
          guard: { type: "isProposalProved", params: judged },
          target: "proved",
          actions: [...learn, { type: "endStreak", params: { of: ["turn", "proposal"] } }],
        },
        {
          target: "#escalated",
          actions: [...learn, escalateFor("unverifiable", (args) => reply(args).summary)],
        },
      ],
      onError: { target: "#escalated", actions: [closeCall, forfeit, escalateFor("unverifiable")] },
    },
    after: {
      untilDue: [
        outOfTime,
        {
          target: "#escalated",
          actions: [closeCall, forfeit, escalateFor("unverifiable", "no verdict in time")],
        },
      ],
    },
    on: { "host.recovered": startOver("verifying") },
  });
  /** The proposal is proved: on to its actions, or to the next decision. */
  const proved = chart.createStateConfig({
    always: [{ guard: "hasNextAction", target: "#effect" }, { target: exits.decide }],
  });
  return { verifying, proved };
}
