import type { Command } from "commander";
import type { Environment } from "./environment.ts";

/** Adds one command to the program; `finish` takes its exit code. */
export type AddCommand = (program: Command, environment: Environment, finish: (code: number) => void) => void;

/** What several commands take, in the same words. */
export const storeFlag = [
  "--store <FILE>",
  "the store's file (default: LOOPWRIGHT_STORE, else your state directory)",
] as const;
export const jsonFlag = ["--json", "print JSON"] as const;
export const runArgument = ["RUN", "run id, the beginning of one, or: last"] as const;
export const contractFlag = [
  "--contract <FILE>",
  "the contract (default: the file the run was started with)",
] as const;
