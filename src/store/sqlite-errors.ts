import { isLoopwrightError, LoopwrightError, messageOf } from "../base/errors.ts";

type Advice = { what: string; fix: string };

const locked = {
  what: "is locked by another process",
  fix: "wait until the other process is done, or end it",
};
const readOnly = {
  what: "can only be read",
  fix: "make the file and its directory writable, or give another --store",
};
const full = {
  what: "cannot grow: the disk is full",
  fix: "free some space, then resume; nothing was half written",
};
const damaged = { what: "is damaged", fix: "restore it from a backup, or give another --store" };
const foreign = {
  what: "is not a Loopwright store",
  fix: "give the path of a store, or of a file that does not exist yet",
};
const noFile = {
  what: "cannot be opened",
  fix: "check that its path names a file in a directory that can be written",
};

/** What SQLite's primary result codes mean to a person (https://www.sqlite.org/rescode.html). */
const byResult: Record<number, Advice> = {
  5: locked,
  6: locked,
  8: readOnly,
  10: { what: "cannot be read or written (I/O error)", fix: "check the disk, then run the command again" },
  11: damaged,
  13: full,
  14: noFile,
  26: foreign,
};

const byErrno: Record<string, Advice> = {
  EACCES: readOnly,
  EPERM: readOnly,
  EROFS: readOnly,
  ENOSPC: full,
  EDQUOT: full,
  EISDIR: noFile,
  ENOTDIR: noFile,
  EEXIST: noFile,
  ENOENT: noFile,
};

function adviceFor(error: unknown): Advice {
  if (/^no such (table|column)/.test(messageOf(error))) return damaged;
  const { errcode, code } = error as { errcode?: number; code?: string };
  const known = errcode === undefined ? byErrno[code ?? ""] : byResult[errcode & 0xff];
  return (
    known ?? {
      what: `failed: ${messageOf(error)}`,
      fix: "run the command again; if it stays so, give another --store",
    }
  );
}

/** Any error of the store as one for a person, naming the file. */
export function storeError(file: string, error: unknown): LoopwrightError {
  if (isLoopwrightError(error)) return error;
  const { what, fix } = adviceFor(error);
  return new LoopwrightError({
    code: "store",
    field: file,
    message: `the store ${file} ${what}`,
    fix,
    cause: error,
  });
}
