import { isLoopwrightError, LoopwrightError, messageOf } from "../base/errors.ts";

type Advice = { what: string; fix: string };

/** What SQLite's primary result codes mean to a person (https://www.sqlite.org/rescode.html). */
const advice: Record<number, Advice> = {
  5: { what: "is locked by another process", fix: "wait until the other process is done, or end it" },
  6: { what: "is locked by another process", fix: "wait until the other process is done, or end it" },
  8: { what: "can only be read", fix: "make the file and its directory writable, or give another --store" },
  10: { what: "cannot be read or written (I/O error)", fix: "check the disk, then run the command again" },
  11: { what: "is damaged", fix: "restore it from a backup, or give another --store" },
  13: {
    what: "cannot grow: the disk is full",
    fix: "free some space, then resume; nothing was half written",
  },
  14: { what: "cannot be opened", fix: "check that its directory exists and can be written" },
  26: {
    what: "is not a Loopwright store",
    fix: "give the path of a store, or of a file that does not exist yet",
  },
};

/** Any error of the store as one for a person, naming the file. */
export function storeError(file: string, error: unknown): LoopwrightError {
  if (isLoopwrightError(error)) return error;
  const code = ((error as { errcode?: number }).errcode ?? 0) & 0xff;
  const { what, fix } = advice[code] ?? {
    what: `failed: ${messageOf(error)}`,
    fix: "see the message of the store",
  };
  return new LoopwrightError({
    code: "store",
    field: file,
    message: `the store ${file} ${what}`,
    fix,
    cause: error,
  });
}
