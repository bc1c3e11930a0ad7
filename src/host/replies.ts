import { z } from "zod";
import { type CallName, replies } from "../../machines/events.ts";
import { digestBytes } from "../base/digest.ts";
import { messageOf } from "../base/errors.ts";
import { bounded } from "../base/text.ts";

/** What every reply is stamped with. */
export type Stamp = { at: number; random: number; callId: string };

const noUsage = { tokens: 0, costMicroUsd: 0 };
const failureOf = (message: string) => ({
  failure: { errorClass: "internal", message: bounded(message), retryAfterMs: null },
  fingerprint: digestBytes(message),
});

/** What a call that broke counts as: never as a success, and a dispatch as unknown. `null`: the fold itself must fail. */
function broken(name: CallName, input: unknown, message: string): Record<string, unknown> | null {
  const { purpose, turn } = input as {
    purpose?: string;
    turn?: { proposal: string; tree: string | null } | null;
  };
  switch (name) {
    case "act":
      return { kind: "failed", ...failureOf(message), usage: null, transcript: null };
    case "verify":
      return {
        purpose,
        proposal: turn?.proposal ?? "",
        tree: turn?.tree ?? null,
        result: "unverifiable",
        fingerprint: digestBytes(message),
        summary: bounded(message),
        score: null,
        evidence: "",
        usage: noUsage,
      };
    case "observe":
      return { outcome: "failed", ...failureOf(message) };
    case "execute":
      return { outcome: "unknown", ...failureOf(message) };
    case "reconcile":
      return { found: "unknown", failure: failureOf(message).failure };
    case "confirm":
      return { confirmed: false, tree: null, detail: bounded(message) };
    case "assess":
      return null;
  }
}

export type ReplyEvent = { type: string; output: Record<string, unknown>; actorId: string };
type FailedEvent = { type: "host.failed"; at: number; random: number; message: string };

/** Makes an event of what a performer answered, parsed by the reply's schema; an answer that does not fit counts as broken. */
export function replyEvent(
  name: CallName,
  input: unknown,
  answer: unknown,
  stamp: Stamp,
): ReplyEvent | FailedEvent {
  const schema: z.ZodType = replies[name];
  const parsed = schema.safeParse({ ...(answer as object), ...stamp });
  if (parsed.success) return doneEvent(name, parsed.data as Record<string, unknown>);
  return brokenEvent(
    name,
    input,
    `the reply to ${name} does not fit: ${z.prettifyError(parsed.error)}`,
    stamp,
  );
}

/** Makes an event of what a performer threw. */
export function brokenEvent(
  name: CallName,
  input: unknown,
  error: unknown,
  stamp: Stamp,
): ReplyEvent | FailedEvent {
  const answer = broken(name, input, messageOf(typeof error === "string" ? new Error(error) : error));
  if (answer !== null) return doneEvent(name, { ...answer, ...stamp });
  return { type: "host.failed", at: stamp.at, random: stamp.random, message: bounded(messageOf(error)) };
}

const doneEvent = (name: CallName, output: Record<string, unknown>): ReplyEvent => ({
  type: `xstate.done.actor.${name}`,
  output,
  actorId: name,
});
