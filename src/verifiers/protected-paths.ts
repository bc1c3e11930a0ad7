import { z } from "zod";
import type { Evidence, Verifier, VerifyContext, VerifyRequest } from "../ports/verifier.ts";
import type { Change } from "../ports/workspace.ts";
import { scopeEvidence } from "./diff-scope.ts";
import { stopwatch } from "./evidence.ts";
import { Glob, Name, parseOptions } from "./options.ts";
import { changedScripts, packageFiles } from "./package-scripts.ts";
import { endsOf, touches } from "./paths.ts";

/** What an agent could weaken instead of doing its work: tests, their settings, and what runs them in CI. */
export const protectedDefaults: readonly string[] = [
  "**/{test,tests,__tests__,spec}/**",
  "**/*.{test,spec}.*",
  "**/*.snap",
  "**/{vitest,vite,jest,playwright,karma,ava}.config.*",
  "**/.mocharc.*",
  "**/{.npmrc,.yarnrc,.yarnrc.yml,bunfig.toml}",
  "**/{.gitattributes,.gitmodules}",
  ".github/**",
  ".circleci/**",
  ".gitlab-ci.yml",
  ".ci/**",
];

export const ProtectedPathsOptions = z.strictObject({
  name: Name.default("protectedPaths"),
  /** Globs of paths that must be as they are on the base, in whatever case; default `protectedDefaults`. */
  paths: z
    .array(Glob)
    .min(1, "must list what is protected")
    .default([...protectedDefaults]),
  /** Compares the `scripts` of every package.json with the base; default true. */
  packageScripts: z.boolean().default(true),
});
export type ProtectedPathsOptions = z.input<typeof ProtectedPathsOptions>;
type Parsed = z.output<typeof ProtectedPathsOptions>;

/**
 * A check that nothing protected was added, changed, removed or renamed, in or out, since the base. Give the same globs to
 * `tests` and `command` as `protect`, and what runs there is the base's own.
 */
export function protectedPaths(options: ProtectedPathsOptions = {}): Verifier<"check"> {
  const parsed = parseOptions("protectedPaths", ProtectedPathsOptions, options);
  return {
    kind: "check",
    name: parsed.name,
    containment: "workspace",
    verify: (request, context) => verify(parsed, request, context),
  };
}

async function verify(options: Parsed, request: VerifyRequest, context: VerifyContext): Promise<Evidence> {
  const elapsed = stopwatch();
  const changes = await context.changes();
  const isProtected = touches(options.paths);
  const touched = changes
    .flatMap(endsOf)
    .filter(isProtected)
    .map((path) => `${path} is protected`);
  const scripts = options.packageScripts ? await scriptOffences(request, changes, context) : [];
  return scopeEvidence({
    verifier: options.name,
    changes,
    offences: [...touched, ...scripts],
    durationMs: elapsed(),
  });
}

async function scriptOffences(
  { base }: VerifyRequest,
  changes: readonly Change[],
  context: VerifyContext,
): Promise<string[]> {
  const files = packageFiles(changes);
  if (files.length === 0 || base === null) return [];
  const before = await context.checkout({ tree: base });
  const now = await context.checkout();
  return (await Promise.all(files.map((file) => changedScripts(before.path, now.path, file)))).flat();
}
