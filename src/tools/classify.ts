import { ErrorClass } from "../../guards/retry.ts";
import { messageOf } from "../base/errors.ts";
import { bounded } from "../base/text.ts";
import type { AttemptOutcome, EffectKind, Failure } from "../ports/tool.ts";
import { isNotApplied } from "./not-applied.ts";

/** No connection came about, so nothing can have been sent. */
const neverSent: readonly unknown[] = ["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN"];

const classesByStatus: ReadonlyMap<number, ErrorClass> = new Map([
  [400, "invalidArguments"],
  [401, "unauthenticated"],
  [403, "forbidden"],
  [404, "notFound"],
  [408, "timeout"],
  [409, "conflict"],
  [422, "invalidArguments"],
  [429, "rateLimited"],
  [502, "unavailable"],
  [503, "unavailable"],
  [504, "timeout"],
  [529, "unavailable"],
]);

const classesByName: ReadonlyMap<unknown, ErrorClass> = new Map([
  ["AbortError", "cancelled"],
  ["TimeoutError", "timeout"],
]);

/** What errors of the platform and of usual clients carry; each client names the status in its own way. */
type Thrown = Partial<Record<"name" | "code" | "status" | "statusCode" | "cause" | "errors", unknown>>;

const asThrown = (error: unknown): Thrown => (typeof error === "object" && error !== null ? error : {});

/** How far down the causes of an error one looks; a longer chain is a circle. */
const causesMax = 5;

/** Did no attempt of several reach anybody, wherever in the causes that is said? */
function wasNeverSent(error: unknown, depth = 0): boolean {
  const { code, cause, errors } = asThrown(error);
  if (depth > causesMax) return false;
  if (Array.isArray(errors) && errors.length > 0)
    return errors.every((each) => wasNeverSent(each, depth + 1));
  return neverSent.includes(code) || (cause !== undefined && wasNeverSent(cause, depth + 1));
}

// A NotApplied can come from another copy of the package, or from code without types.
function classOf(error: unknown): ErrorClass {
  if (isNotApplied(error)) return ErrorClass.safeParse(error.errorClass).data ?? "internal";
  if (wasNeverSent(error)) return "unavailable";
  const { name, status, statusCode } = asThrown(error);
  return classesByName.get(name) ?? classesByStatus.get(numberOf(status ?? statusCode)) ?? "internal";
}

const numberOf = (value: unknown): number =>
  typeof value === "number" || typeof value === "string" ? Number(value) : Number.NaN;

const waitOf = (retryAfterMs: unknown): number | null =>
  typeof retryAfterMs === "number" && Number.isFinite(retryAfterMs) && retryAfterMs >= 0
    ? retryAfterMs
    : null;

/** What went wrong, as far as an error tells. */
export const failureOf = (error: unknown): Failure => ({
  errorClass: classOf(error),
  message: bounded(messageOf(error)),
  retryAfterMs: isNotApplied(error) ? waitOf(error.retryAfterMs) : null,
});

/** What an attempt ended in that threw: certainly not applied for a read, when it says so, or when nothing was sent; else unknown. */
export function outcomeOfThrown(error: unknown, effect: EffectKind): AttemptOutcome {
  const certain = effect === "read" || isNotApplied(error) || wasNeverSent(error);
  return { outcome: certain ? "notApplied" : "unknown", failure: failureOf(error) };
}
