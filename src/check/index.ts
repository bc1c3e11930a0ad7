export {
  type CheckedProperty,
  type CheckOptions,
  type CheckReport,
  checkLoop,
  checkMachine,
  type FreeAnswers,
  searched,
  type Verdict,
  verdictOf,
} from "./check.ts";
export {
  always,
  applies,
  asksPerson,
  either,
  endsAs,
  eventuallyWithin,
  type Happening,
  happens,
  never,
  type Promised,
  precedes,
  runs,
  runsApproved,
  runsUnasked,
  turnStarts,
  verdictIs,
} from "./custom.ts";
export { declaredProperties } from "./declared.ts";
export { annotationsOf, findingLines, junitOf } from "./formats.ts";
export type { Property, Seen, Violation } from "./property.ts";
export { type Replayed, regressionOf, replay } from "./replay.ts";
export { type Cause, mermaidOf, type TraceStep } from "./trace.ts";
