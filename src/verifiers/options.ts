import { z } from "zod";
import { LoopwrightError } from "../base/errors.ts";
import { commandTimeoutMsDefault } from "./limits.ts";

const leaves = (path: string): boolean => path.startsWith("/") || path.split("/").includes("..");

export const Name = z.string().trim().min(1, "must not be empty").max(80, "must have at most 80 characters");

/** A path inside the checkout, with forward slashes. */
export const InsidePath = z
  .string()
  .min(1, "must not be empty")
  .refine((path) => !leaves(path) && !path.includes("\\"), "must be a path inside the checkout");

/** A glob over paths of the tree. */
export const Glob = z
  .string()
  .min(1, "must not be empty")
  .refine((glob) => !glob.startsWith("!"), "must not start with `!`; list what is meant")
  .refine((glob) => !glob.endsWith("/"), "must not end with `/`; write `folder/**`")
  .refine((glob) => !leaves(glob), "must be relative to the root of the tree");
export const Globs = z.array(Glob);

/** Program and arguments, or one line for `sh -c`. */
export const CommandLine = z.union(
  [z.string().trim().min(1), z.tuple([z.string().min(1)], z.string())],
  'must be a line for the shell or a list such as ["npm", "test"]',
);

export const TimeoutMs = z
  .int()
  .min(1, "must be at least 1 millisecond")
  .max(24 * 3_600_000, "must be at most a day");

/** What every verifier that runs a command can be told. */
export const commandFields = {
  command: CommandLine,
  /** Folder inside the checkout; default its root. */
  cwd: InsidePath.optional(),
  /** Names of environment variables that the command gets beside the few every command gets. */
  env: z.array(z.string().regex(/^\w+$/, "must be the name of an environment variable")).default([]),
  /** Milliseconds for one run of the command; default 10 minutes. */
  timeoutMs: TimeoutMs.default(commandTimeoutMsDefault),
  /** What a time-out says. Default `failed`: code that loops for ever is wrong, and no person is needed to see it. */
  onTimeout: z.enum(["failed", "unverifiable"]).default("failed"),
  /**
   * Default `auto`: shut in (no network, only its own checkout writable) where the system has bubblewrap, else in its own
   * checkout with nothing to enforce that it stays there. `sandbox` is unverifiable where there is none.
   */
  containment: z.enum(["auto", "sandbox", "workspace", "none"]).default("auto"),
  /** Globs of paths that are put back as they are on the base before the command runs. */
  protect: Globs.default([]),
};

/** Makes a schema for a function that a person writes. */
export const functionOf = <F extends (...args: never[]) => unknown>() =>
  z.custom<F>((value) => typeof value === "function", "must be a function");

/** Reads a verifier's options; refuses what the schema refuses, naming the verifier and the field. */
export function parseOptions<S extends z.ZodType>(
  verifier: string,
  schema: S,
  options: unknown,
): z.output<S> {
  const parsed = schema.safeParse(options);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  const field = [verifier, ...issue.path].join(".");
  throw new LoopwrightError({
    code: "contract",
    field,
    message: `${field}: ${issue.message}`,
    fix: `correct \`${issue.path.join(".") || "the options"}\` of the verifier \`${verifier}\` in the contract`,
  });
}
