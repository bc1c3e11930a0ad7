import { LoopwrightError } from "../base/errors.ts";

/** What is refused because of the run it is about, whatever the store. */

export const noSuchRun = (runId: string): LoopwrightError =>
  new LoopwrightError({
    code: "run",
    field: runId,
    message: `there is no run ${runId}`,
    fix: "see all runs with: loopwright list",
  });

export const notEnded = (runId: string): LoopwrightError =>
  new LoopwrightError({
    code: "run",
    field: runId,
    message: `run ${runId} has not ended, so it is not removed`,
    fix: `end it first, with: loopwright abort ${runId}`,
  });
