export {
  type CheckedProperty,
  type CheckOptions,
  type CheckReport,
  checkLoop,
  type Verdict,
  verdictOf,
} from "./check.ts";
export type { Property, Seen, Violation } from "./property.ts";
