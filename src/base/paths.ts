import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";
import { LoopwrightError } from "./errors.ts";

function home(): string {
  const path = process.env.HOME ?? homedir();
  if (isAbsolute(path)) return path;
  throw new LoopwrightError({
    code: "environment",
    field: "HOME",
    message: "HOME is not set, so there is no place for the store",
    fix: "set HOME or XDG_STATE_HOME to an absolute path, or give --store FILE",
  });
}

/**
 * The user's state directory for Loopwright, outside any project: `$XDG_STATE_HOME/loopwright`, by default
 * `~/.local/state/loopwright` (XDG Base Directory Specification; relative values are ignored as it says).
 */
export function stateDirectory(): string {
  const xdg = process.env.XDG_STATE_HOME ?? "";
  return join(isAbsolute(xdg) ? xdg : join(home(), ".local", "state"), "loopwright");
}

/** The store's file: `LOOPWRIGHT_STORE`, else `loopwright.db` in the state directory. */
export const defaultStoreFile = (): string =>
  process.env.LOOPWRIGHT_STORE || join(stateDirectory(), "loopwright.db");

// The same as a loop's name: it is a directory's name too, so it must not lead anywhere else.
const runIdForm = /^[a-z0-9][a-z0-9._-]{0,63}$/i;

/** The scratch directory of one run under a state directory. Refuses an id that is no plain name. */
export function runScratch(runId: string, base: string): string {
  if (runIdForm.test(runId)) return join(base, "runs", runId);
  throw new LoopwrightError({
    code: "usage",
    field: "id",
    message: `${JSON.stringify(runId)} cannot be the id of a run`,
    fix: "use 1 to 64 letters, digits, dots, dashes or underscores, beginning with a letter or digit",
  });
}
