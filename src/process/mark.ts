import { randomBytes } from "node:crypto";

const prefix = "LOOPWRIGHT_TREE_";

/** A new random name for a host or for one of its runs. */
export const newToken = (): string => randomBytes(12).toString("hex");

/** The environment entry that every process of a run inherits: its name is the host's token, its value the run's. */
export const markEnv = (host: string, run: string): Record<string, string> => ({ [prefix + host]: run });

/** What to look for in a process's environment to find everything that a host started. */
export const hostMark = (host: string): string => `\0${prefix}${host}=`;

/** What to look for in a process's environment to find everything that one run started. */
export const runMark = (host: string, run: string): string => `\0${prefix}${host}=${run}\0`;

/** The marks this process carries itself, when it runs inside another host's tree; its children must carry them too. */
export const inheritedMarks = (): Record<string, string> =>
  Object.fromEntries(
    Object.entries(process.env).filter(
      (entry): entry is [string, string] => entry[0].startsWith(prefix) && entry[1] !== undefined,
    ),
  );
