import type { ErrorClass } from "../ports/tool.ts";

/** Registered, so that one thrown by another copy of this package is known as one too. */
const brand = Symbol.for("loopwright.notApplied");

export type NotAppliedDetails = {
  /** What kind of failure it was; default `internal`. */
  errorClass?: ErrorClass;
  /** Milliseconds the other side asked to wait (Retry-After); default none. */
  retryAfterMs?: number;
  cause?: unknown;
};

/** Thrown by `execute` when it is certain that nothing happened: then the effect may be attempted again. */
export class NotApplied extends Error {
  readonly errorClass: ErrorClass;
  readonly retryAfterMs: number | null;
  readonly [brand] = true;

  constructor(message: string, { errorClass = "internal", retryAfterMs, cause }: NotAppliedDetails = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "NotApplied";
    this.errorClass = errorClass;
    this.retryAfterMs = retryAfterMs ?? null;
  }
}

export const isNotApplied = (error: unknown): error is NotApplied =>
  typeof error === "object" && error !== null && brand in error;
