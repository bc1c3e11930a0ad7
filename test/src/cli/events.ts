import type { ActReply, ExecuteReply, JournalEvent, VerifyReply } from "../../../machines/events.ts";

/** Journal events with everything filled in, for tests that care about a part of them. */
const stamp = { at: 1_000, random: 0, callId: "1" };

export const verified = (parts: Partial<VerifyReply>): JournalEvent => ({
  type: "xstate.done.actor.verify",
  actorId: "verify",
  output: {
    ...stamp,
    purpose: "proposal",
    proposal: "p",
    tree: null,
    result: "passed",
    fingerprint: "f",
    summary: "all is well",
    score: null,
    evidence: "e",
    usage: { tokens: 0, costMicroUsd: 0 },
    ...parts,
  },
});

type TurnReply = Extract<ActReply, { kind: "turn" }>;

export const acted = (
  turn: Partial<TurnReply["turn"]> = {},
  parts: Partial<TurnReply> = {},
): JournalEvent => ({
  type: "xstate.done.actor.act",
  actorId: "act",
  output: {
    kind: "turn",
    ...stamp,
    turn: { claim: null, actions: [], proposal: "p", tree: null, changed: false, ...turn },
    usage: null,
    memory: null,
    note: null,
    transcript: null,
    ...parts,
  },
});

export const executed = (output: Record<string, unknown>): JournalEvent => ({
  type: "xstate.done.actor.execute",
  actorId: "execute",
  output: { ...stamp, ...output } as ExecuteReply,
});

export const failure = { errorClass: "timeout" as const, message: "no answer", retryAfterMs: null };
