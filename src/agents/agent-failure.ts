import { messageOf } from "../base/errors.ts";
import { bounded } from "../base/text.ts";
import type { Usage } from "../ports/agent.ts";
import type { ErrorClass, Failure } from "../ports/tool.ts";

export type AgentFailureDetails = {
  errorClass: ErrorClass;
  /** What went wrong; cut to a screenful. */
  message: string;
  /** Milliseconds the other side asked us to wait. Default: it did not ask. */
  retryAfterMs?: number;
  /** What the failed turn used all the same. Default `unknown`, which is charged at the worst case. */
  usage?: Usage | "unknown";
  cause?: unknown;
};

/** Registered, so that one thrown by another copy of this package is known as one too. */
const brand = Symbol.for("loopwright.agentFailure");

/** The only thing an agent may throw. Its class says what may be attempted again, as for tools. */
export class AgentFailure extends Error {
  readonly failure: Failure;
  readonly usage: Usage | "unknown";
  readonly [brand] = true;

  constructor({ errorClass, message, retryAfterMs, usage, cause }: AgentFailureDetails) {
    super(bounded(message), cause === undefined ? undefined : { cause });
    this.name = "AgentFailure";
    this.failure = { errorClass, message: this.message, retryAfterMs: retryAfterMs ?? null };
    this.usage = usage ?? "unknown";
  }
}

const isAgentFailure = (error: unknown): error is AgentFailure =>
  typeof error === "object" && error !== null && brand in error;

/** Anything thrown during a turn as an `AgentFailure`: itself, or class `internal`. */
export const asAgentFailure = (error: unknown): AgentFailure =>
  isAgentFailure(error)
    ? error
    : new AgentFailure({ errorClass: "internal", message: messageOf(error), cause: error });
