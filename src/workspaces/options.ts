import { posix } from "node:path";
import { z } from "zod";
import { LoopwrightError } from "../base/errors.ts";

const isInside = (path: string): boolean =>
  path !== "" &&
  posix.normalize(path) === path &&
  path !== "." &&
  !/^(\/|\.\.(\/|$)|\.git(\/|$))|\/$/.test(path);

const Provided = z
  .string()
  .refine(isInside, "must be a plain path inside the project, for example node_modules");

export const GitWorkspaceOptions = z.strictObject({
  /**
   * What to do when the user's checkout has changes that are not committed. `refuse` (default): say so. `head`: leave
   * them out and start from HEAD. `include`: start from the files as they lie there; a published commit then holds them too.
   */
  dirty: z.enum(["refuse", "head", "include"]).default("refuse"),
  /**
   * Ignored paths of the project that agent and checks need; default `node_modules`. The agent gets a copy, checks get
   * links to another copy. They are never part of a tree; what is tracked or missing is passed over.
   */
  provide: z.array(Provided).default(["node_modules"]),
  /**
   * Gives the agent a linked `git worktree` in place of a clone; default false. It then shares the user's refs, stash,
   * hooks and config, and can change them.
   */
  linked: z.boolean().default(false),
});
export type GitWorkspaceOptions = z.input<typeof GitWorkspaceOptions>;
export type ParsedOptions = z.output<typeof GitWorkspaceOptions>;

/** Fills in the defaults. Refuses (`contract`) what it does not understand, and names the field. */
export function parseOptions(options: unknown): ParsedOptions {
  const parsed = GitWorkspaceOptions.safeParse(options);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field = ["workspace", ...(issue?.path ?? [])].join(".");
  throw new LoopwrightError({
    code: "contract",
    field,
    message: `gitWorkspace: ${field}: ${issue?.message}`,
    fix: 'write gitWorkspace({ dirty: "refuse" | "head" | "include", provide: ["node_modules"], linked: false }), or leave the options out',
  });
}
