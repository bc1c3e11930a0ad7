import { LimitName } from "../../guards/continue.ts";
import { duration } from "../base/duration.ts";
import { count, money } from "./render/units.ts";

type LimitWords = {
  /** What the limit bounds, for a person. */
  label: string;
  /** The flag of `resume` that adds to it, its placeholder, and how many of the limit's units one of it is. */
  flag: string;
  placeholder: string;
  factor: number;
  show: (amount: number) => string;
};

const counted = (label: string, flag: string): LimitWords => ({
  label,
  flag,
  placeholder: "N",
  factor: 1,
  show: count,
});

/** The limits in a person's words and units; the one table of `check`, `status`, `run` and `resume`. */
export const limitWords: Record<LimitName, LimitWords> = {
  steps: counted("steps", "steps"),
  activeMs: { label: "active time", flag: "minutes", placeholder: "MINUTES", factor: 60_000, show: duration },
  deadlineMs: {
    label: "deadline",
    flag: "deadline-hours",
    placeholder: "HOURS",
    factor: 3_600_000,
    show: duration,
  },
  tokens: counted("tokens", "tokens"),
  costMicroUsd: { label: "cost", flag: "cost", placeholder: "DOLLARS", factor: 1_000_000, show: money },
  effects: counted("effects", "effects"),
  questions: counted("questions", "questions"),
  recoveries: counted("restarts", "recoveries"),
  reverifications: counted("re-verifications", "reverifications"),
};

export const limitNames: readonly LimitName[] = LimitName.options;
export const isLimitName = (name: string): name is LimitName => name in limitWords;
