import { mkdir, realpath } from "node:fs/promises";
import { join } from "node:path";
import { LoopwrightError } from "../base/errors.ts";
import type { Workspace, WorkspaceSession } from "../ports/workspace.ts";
import { linkWorktree, makeAgentGit } from "./folder.ts";
import { type Gate, inGate, makeGate } from "./gate.ts";
import { fromText, gitLine } from "./git.ts";
import { type Marker, readMarker, writeMarker } from "./marker.ts";
import { type GitWorkspaceOptions, type ParsedOptions, parseOptions } from "./options.ts";
import { findOrigin, type Origin, refuseDirty, treeOfCheckout, userOf } from "./origin.ts";
import { copyWhole } from "./provide.ts";
import { isThere, removeTree } from "./remove.ts";
import { clear, sessionOf } from "./session.ts";
import { entriesOf, readTree, submodulesIn, withIndex } from "./trees.ts";
import { keepBaseIndex, type Layout, layoutOf, refit, type Work } from "./work.ts";

type Opening = Parameters<Workspace["open"]>[0];

/**
 * The user's git repository as a workspace: every run works in a clone of its own that has no remote and none of the
 * user's refs, starting from HEAD; checks see clean checkouts of single trees. A project in a folder of a repository is
 * worked on in that folder, and paths are seen from it. Files go in and out byte by byte: no filter, line ending or LFS
 * conversion takes place. Refuses, when opened, what is not a checkout of a git repository, or has uncommitted changes.
 */
export function gitWorkspace(options: GitWorkspaceOptions = {}): Workspace {
  const parsed = parseOptions(options);
  return { kind: "git", open: (request) => openSession(parsed, request) };
}

async function openSession(options: ParsedOptions, request: Opening): Promise<WorkspaceSession> {
  await mkdir(request.scratch, { recursive: true });
  const layout = layoutOf(await realpath(request.scratch));
  const marker = (await readMarker(layout.scratch)) ?? (await make({ options, request, layout }));
  await refuseDamage(layout);
  // Whatever lies there belongs to a process that is gone.
  await removeTree(layout.checkouts);
  await mkdir(layout.checkouts);
  return sessionOf(workOf(layout, marker));
}

function workOf(layout: Layout, marker: Marker): Work {
  const { objectFormat, submodules, provided } = marker;
  return { layout, marker, trees: { gate: { path: layout.gate, objectFormat }, submodules, provided } };
}

async function refuseDamage({ gate, baseIndex, scratch }: Layout): Promise<void> {
  if ((await isThere(gate)) && (await isThere(baseIndex))) return;
  throw new LoopwrightError({
    code: "workspace",
    field: scratch,
    message: `the run's own repository in ${scratch} is gone`,
    fix: "abort the run and start a new one",
  });
}

type Making = { options: ParsedOptions; request: Opening; layout: Layout };

async function make({ options, request, layout }: Making): Promise<Marker> {
  const { signal, runId } = request;
  const origin = await findOrigin(request.directory, signal);
  const candidates = options.provide.map((path) => `${origin.prefix}${path}`);
  if (options.dirty === "refuse") await refuseDirty(origin, candidates, signal);
  await clear(layout);
  const gate = await makeGate(layout.gate, origin);
  const start = await startOf({ gate, origin, options, candidates });
  const user = await userOf(origin);
  const { top, prefix, objectFormat } = origin;
  const marker: Marker = {
    version: 1,
    runId,
    top,
    prefix,
    objectFormat,
    linked: options.linked,
    user,
    ...start,
  };
  await makeAgentGit({ path: layout.agentGit, origin, gate, user });
  await fill({ work: workOf(layout, marker), origin, signal });
  await writeMarker(layout.scratch, marker);
  return marker;
}

type Start = Pick<Marker, "base" | "submodules" | "provided">;
type Starting = { gate: Gate; origin: Origin; options: ParsedOptions; candidates: readonly string[] };

/** What the run starts from, and what of the candidates there is to provide. */
async function startOf({ gate, origin, options, candidates }: Starting): Promise<Start> {
  const { commit, top } = origin;
  const head = await headTree(gate, commit);
  const provided = await providable({ gate, top, head, candidates });
  const tree = options.dirty === "include" ? await includingDirty(gate, origin, provided) : head;
  return { base: { tree, commit }, submodules: await submodulesIn(gate, tree), provided };
}

const includingDirty = (gate: Gate, origin: Origin, leftOut: readonly string[]): Promise<string> =>
  withIndex(gate, null, (index) =>
    treeOfCheckout({ origin, objects: join(gate.path, "objects"), index, leftOut }),
  );

const headTree = (gate: Gate, commit: string | null): Promise<string> =>
  gitLine(
    inGate(
      gate,
      commit === null
        ? { args: ["mktree"], input: "" }
        : { args: ["rev-parse", "--verify", `${commit}^{tree}`] },
    ),
  );

type Providing = { gate: Gate; top: string; head: string; candidates: readonly string[] };

// What is tracked is in the tree already.
async function providable({ gate, top, head, candidates }: Providing): Promise<string[]> {
  const tracked = (await entriesOf(gate, head)).map(({ path }) => path);
  const isTracked = (path: string) => tracked.some((name) => name === path || name.startsWith(`${path}/`));
  const there = await Promise.all(candidates.map((path) => isThere(join(top, path))));
  return candidates.filter((path, index) => there[index] && !isTracked(fromText(path)));
}

type Filling = { work: Work; origin: Origin; signal: AbortSignal | undefined };

async function fill({ work, origin, signal }: Filling): Promise<void> {
  const { layout, trees, marker } = work;
  const { base, provided, linked } = marker;
  for (const path of provided) {
    await copyWhole({
      from: join(origin.top, path),
      to: join(layout.provided, path),
      spare: layout.scratch,
      signal,
    });
  }
  if (linked) await linkWorktree(layout.work, origin, committed(base.commit, origin));
  else await mkdir(layout.work);
  await withIndex(trees.gate, null, async (index) => {
    await readTree(trees, { directory: layout.work, index }, base.tree, signal);
    await keepBaseIndex(work, index);
  });
  await refit(work);
}

function committed(commit: string | null, { top }: Origin): string {
  if (commit !== null) return commit;
  throw new LoopwrightError({
    code: "workspace",
    field: "workspace.linked",
    message: `${top} has no commit, so it can have no linked worktree`,
    fix: "commit something first, or leave linked out",
  });
}
