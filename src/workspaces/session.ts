import type { WorkspaceSession } from "../ports/workspace.ts";
import { diffOf, rawChanges, toChange } from "./changes.ts";
import { openCheckout } from "./checkout.ts";
import { unlinkWorktree } from "./folder.ts";
import { markerIn } from "./marker.ts";
import { gitFace } from "./publish.ts";
import { removeTree } from "./remove.ts";
import { type Layout, projectIn, restore, snapshot, type Work } from "./work.ts";

/** The session over a workspace that was made whole. */
export function sessionOf(work: Work): WorkspaceSession {
  const { layout, marker, trees } = work;
  return {
    path: projectIn(layout.work, marker.prefix),
    base: marker.base,
    snapshot: () => snapshot(work),
    restore: (tree) => restore(work, tree),
    checkout: (tree, options) => openCheckout(work, tree, options),
    changes: async (from, to) =>
      (await rawChanges(trees.gate, { from, to, renames: true })).map((raw) => toChange(marker.prefix, raw)),
    diff: (from, to, maxBytes) => diffOf(trees.gate, from, to, maxBytes),
    git: gitFace(work),
    close: () => close(work),
  };
}

async function close({ layout, marker }: Work): Promise<void> {
  await removeTree(markerIn(layout.scratch));
  if (marker.linked) await unlinkWorktree(layout.work, marker.top);
  await clear(layout);
}

/** Removes every part of a workspace, also of one that was never finished. */
export async function clear(layout: Layout): Promise<void> {
  const { work, gate, agentGit, provided, checkouts } = layout;
  await Promise.all([work, gate, agentGit, provided, checkouts].map(removeTree));
}
