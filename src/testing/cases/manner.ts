import { ErrorClass } from "../../../guards/retry.ts";

/** Each class of error. */
export const errorClasses = ErrorClass.options;

/**
 * What follows a failure of this class, as the contract's readers are told: the agent corrects itself, the same is tried
 * again after a wait, or a person is needed.
 */
export const manners: Readonly<Record<ErrorClass, "correct" | "backoff" | "person">> = {
  rateLimited: "backoff",
  unavailable: "backoff",
  timeout: "backoff",
  cancelled: "backoff",
  internal: "backoff",
  invalidArguments: "correct",
  notFound: "correct",
  conflict: "correct",
  verificationFailed: "correct",
  denied: "correct",
  unauthenticated: "person",
  forbidden: "person",
};
