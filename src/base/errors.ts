/** Closed list of what can be wrong at the edge of the process; the command line maps each to an exit code. */
export type ErrorCode =
  | "usage"
  | "contract"
  | "store"
  | "workspace"
  | "environment"
  | "run"
  | "busy"
  | "internal";

export type ErrorDetails = {
  code: ErrorCode;
  /** What was wrong, in one sentence. */
  message: string;
  /** The field, flag, path or run that it concerns. */
  field?: string;
  /** What to do about it, in one sentence. */
  fix: string;
  cause?: unknown;
};

/** An error for a person: it names the field, says what was wrong and what to do. */
export class LoopwrightError extends Error {
  readonly code: ErrorCode;
  readonly field: string | undefined;
  readonly fix: string;

  constructor({ code, message, field, fix, cause }: ErrorDetails) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "LoopwrightError";
    this.code = code;
    this.field = field;
    this.fix = fix;
  }
}

export const isLoopwrightError = (error: unknown): error is LoopwrightError =>
  error instanceof LoopwrightError;

/** The text of anything that was thrown. Never throws itself, whatever that was. */
export function messageOf(error: unknown): string {
  try {
    return String(error instanceof Error ? error.message : error).toWellFormed();
  } catch {
    return "something was thrown that has no text";
  }
}
