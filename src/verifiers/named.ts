import type { Verifier } from "../ports/verifier.ts";
import { type CommandOptions, command } from "./command.ts";

export type NamedOptions = Omit<CommandOptions, "name"> & { name?: string };

/** The project's type checker as a check: passes when the command exits with 0. */
export const typecheck = (options: NamedOptions): Verifier<"check"> =>
  command({ name: "typecheck", ...options });

/** The project's build as a check: passes when the command exits with 0. What it writes must be ignored by git. */
export const build = (options: NamedOptions): Verifier<"check"> => command({ name: "build", ...options });

/** The project's linter as a check: passes when the command exits with 0. */
export const lint = (options: NamedOptions): Verifier<"check"> => command({ name: "lint", ...options });
