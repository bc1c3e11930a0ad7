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

/** The only thing an agent may throw. Its class says what may be attempted again, as for tools. */
export class AgentFailure extends Error {
  readonly failure: Failure;
  readonly usage: Usage | "unknown";

  constructor({ errorClass, message, retryAfterMs, usage, cause }: AgentFailureDetails) {
    super(bounded(message), cause === undefined ? undefined : { cause });
    this.name = "AgentFailure";
    this.failure = { errorClass, message: this.message, retryAfterMs: retryAfterMs ?? null };
    this.usage = usage ?? "unknown";
  }
}

/** Anything thrown during a turn as an `AgentFailure`: itself, or class `internal`. */
export const asAgentFailure = (error: unknown): AgentFailure =>
  error instanceof AgentFailure
    ? error
    : new AgentFailure({ errorClass: "internal", message: messageOf(error), cause: error });
