import { lstat } from "node:fs/promises";
import { posix } from "node:path";
import { z } from "zod";
import type { Evidence, Verifier, VerifyContext } from "../ports/verifier.ts";
import type { Change } from "../ports/workspace.ts";
import { type Collision, collisionsAmong, collisionsIn } from "./collisions.ts";
import { evidence, stopwatch } from "./evidence.ts";
import { leadsOut } from "./links.ts";
import { Glob, Globs, Name, parseOptions } from "./options.ts";
import { endsOf, touches, trickIn, within } from "./paths.ts";

export const DiffScopeOptions = z.strictObject({
  name: Name.default("diffScope"),
  /** Globs that every changed path must match; a rename with both its ends. */
  allow: z.array(Glob).min(1, "must list what may change"),
  /** Globs that no changed path may match, in whatever case. */
  deny: Globs.default([]),
  /** The most paths that may change. */
  maxFiles: z.int().min(1).optional(),
  /** The most bytes that changed files may have together. */
  maxBytes: z.int().min(0).optional(),
  /** Allows symbolic links whose target stays in the tree; default false. */
  symlinks: z.boolean().default(false),
  /** Allows files to become executable, or to cease to be; default false. */
  executables: z.boolean().default(false),
});
export type DiffScopeOptions = z.input<typeof DiffScopeOptions>;
type Parsed = z.output<typeof DiffScopeOptions>;

/**
 * A check that all changes since the base lie where they may: within the globs, plain files, no tricks with names.
 * Submodules and links out of the tree are refused always. Nothing changed passes.
 */
export function diffScope(options: DiffScopeOptions): Verifier<"check"> {
  const parsed = parseOptions("diffScope", DiffScopeOptions, options);
  return {
    kind: "check",
    name: parsed.name,
    containment: "workspace",
    verify: (_request, context) => verify(parsed, context),
  };
}

async function verify(options: Parsed, context: VerifyContext): Promise<Evidence> {
  const elapsed = stopwatch();
  const changes = await context.changes();
  const offences = [...offencesIn(options, changes), ...(await offencesOnDisk(options, changes, context))];
  const evidence = scopeEvidence({ verifier: options.name, changes, offences, durationMs: elapsed() });
  return { ...evidence, metrics: { changedFiles: changes.length } };
}

export type ScopeFinding = {
  verifier: string;
  changes: readonly Change[];
  offences: readonly string[];
  durationMs: number;
};

/** Evidence of a check on changed paths: passes without offences, and names each otherwise. */
export function scopeEvidence({ verifier, changes, offences, durationMs }: ScopeFinding): Evidence {
  const sorted = [...new Set(offences)].sort();
  const verdict = sorted.length === 0 ? "passed" : "failed";
  const files = `${changes.length} ${changes.length === 1 ? "file" : "files"} changed`;
  const summary = verdict === "passed" ? files : `${files}; ${sorted.join("; ")}`;
  return evidence({ verifier, verdict, summary, because: sorted, durationMs }, { output: sorted.join("\n") });
}

function offencesIn(options: Parsed, changes: readonly Change[]): string[] {
  const { maxFiles } = options;
  const offenceOf = pathRule(options);
  return [
    ...changes.flatMap(endsOf).flatMap((path) => offenceOf(path) ?? []),
    ...changes.flatMap((change) => offencesOfMode(options, change)),
    ...collisionsAmong(changes).map(collides),
    ...(maxFiles !== undefined && changes.length > maxFiles ? [`more than ${maxFiles} files changed`] : []),
  ];
}

function pathRule({ allow, deny }: Parsed): (path: string) => string | null {
  const allowed = within(allow);
  const denied = touches(deny);
  return (path) => {
    const trick = trickIn(path);
    if (trick !== null) return `${path} ${trick}`;
    if (denied(path)) return `${path} may not be changed`;
    return allowed(path) ? null : `${path} is out of scope`;
  };
}

const link = "120000";
const submodule = "160000";
const executable = "100755";

function offencesOfMode({ symlinks, executables }: Parsed, { path, oldMode, newMode }: Change): string[] {
  if (oldMode === submodule || newMode === submodule) return [`${path} is a submodule`];
  if (newMode === null) return [];
  const changedType = oldMode !== null && (oldMode === link) !== (newMode === link);
  if (!symlinks && (newMode === link || changedType)) return [`${path} is or was a symbolic link`];
  const changedBit = (oldMode === executable) !== (newMode === executable) && !changedType;
  return !executables && changedBit ? [`${path} changes whether it is executable`] : [];
}

// Only what is looked for needs a checkout.
async function offencesOnDisk(
  options: Parsed,
  changes: readonly Change[],
  context: VerifyContext,
): Promise<string[]> {
  const links = options.symlinks ? changes.filter(({ newMode }) => newMode === link) : [];
  const added = changes.some(({ kind }) => kind === "added" || kind === "renamed");
  const measured = options.maxBytes !== undefined && changes.length > 0;
  if (links.length === 0 && !added && !measured) return [];
  const { path: root } = await context.checkout();
  const out = await Promise.all(links.map(async ({ path }) => ((await leadsOut(root, path)) ? [path] : [])));
  return [
    ...out.flat().map((path) => `${path} is a link that leads out of the tree`),
    ...(await collisionsIn(root, changes)).map(collides),
    ...(await tooManyBytes(root, changes, options.maxBytes ?? Number.POSITIVE_INFINITY)),
  ];
}

async function tooManyBytes(root: string, changes: readonly Change[], max: number): Promise<string[]> {
  const present = changes.filter(({ newMode }) => newMode !== null);
  const sizes = await Promise.all(
    present.map(async ({ path }) => (await lstat(posix.join(root, path)).catch(() => null))?.size ?? 0),
  );
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  return bytes > max ? [`the changed files have more than ${max} bytes`] : [];
}

const collides = ({ path, other }: Collision): string =>
  `${path} differs from ${other} only by case or Unicode form`;
