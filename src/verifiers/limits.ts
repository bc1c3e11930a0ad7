import { killGraceMs } from "../base/limits.ts";

/** Milliseconds one command of a verifier may take when nothing is said: ten minutes, as for verifiers. */
export const commandTimeoutMsDefault = 10 * 60_000;

/** Milliseconds a verifier gets beyond its command: for the checkout, digests and the killing of what ran too long. */
export const overheadMs = 2 * 60_000;

/** Bytes of a test report that are read; more is not a report but a flood. */
export const reportBytesMax = 32 * 1024 * 1024;

/** Failing tests whose names and messages are shown to the agent: what one can act on in a turn. */
export const failuresShownMax = 20;

/** Characters of one failing test's message that are shown. */
export const failureCharsMax = 600;

/** Characters of a summary: one line of a wide terminal. */
export const summaryCharsMax = 240;

/** `failing` for a suite that cannot be run when the base gives no number to compare with: worse than any count of tests. */
export const failingUnknown = 1_000_000;

/** Milliseconds that a verifier may take to end after it was aborted: its processes are killed within that. */
export const settleMs = 3 * killGraceMs;
