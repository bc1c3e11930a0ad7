import { produce } from "immer";
import { resume } from "../../actions/parking.ts";
import { raiseLimits, settleUsage } from "../../actions/spending.ts";
import type { LoopState } from "../../actions/state.ts";
import { Raise } from "../../guards/continue.ts";
import type { Origin } from "../../machines/events.ts";
import type { Clock } from "../base/clock.ts";
import { LoopwrightError } from "../base/errors.ts";
import type { RunRecord } from "../ports/store.ts";
import type { ResumeOptions } from "./types.ts";
import { userName } from "./words.ts";

/** What a person adds to the limits; refuses what is no whole number of a limit that can be raised. */
export function raiseOf({ raise = {} }: ResumeOptions): Raise {
  const parsed = Raise.safeParse(raise);
  if (parsed.success) return parsed.data;
  throw new LoopwrightError({
    code: "usage",
    field: "raise",
    message: `this cannot be added to the limits: ${parsed.error.issues.map(({ path, message }) => [...path, message].join(" ")).join("; ")}`,
    fix: `give whole numbers by limit, for example { steps: 10 }; the limits are: ${Raise.keyType.options.join(", ")}`,
  });
}

/**
 * The memory that a new machine takes over: limits raised, the person's word told, detectors afresh. A turn that was in
 * flight is charged at its worst case.
 */
export const carriedMemory = (memory: LoopState, options: ResumeOptions): LoopState =>
  produce(memory, (draft) => {
    settleUsage(draft, { usage: null });
    raiseLimits(draft, { raise: raiseOf(options) });
    resume(draft, { say: options.say?.toWellFormed() ?? null });
  });

/** The first event of a new machine over the memory of an old one: after an accepted change, or beyond a limit. */
export function continuation(
  { id: runId, updatedAt, contractDigest, chartDigest }: RunRecord,
  carried: LoopState,
  { because, by, clock }: { because: "changeAccepted" | "limitRaised"; by: string | undefined; clock: Clock },
): Origin {
  const at = Math.max(clock.now(), updatedAt);
  const input = { at, runId, baseTree: carried.workspace.base, turn: null, carried };
  const who = { by: by ?? userName(), signed: false };
  return { type: "run.continued", at, input, because, ...who, contractDigest, chartDigest };
}
