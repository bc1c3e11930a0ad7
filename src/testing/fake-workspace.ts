import { digestBytes } from "../base/digest.ts";
import type { Change, Checkout, Workspace, WorkspaceSession } from "../ports/workspace.ts";

/** A workspace in memory, and what changes it. */
export type FakeWorkspace = Workspace & {
  /** Puts this text into the workspace of a run, as an agent would while it acts. */
  write(runId: string, text: string): void;
};

const treeOf = (text: string): string => digestBytes(text).slice(0, 40);

/**
 * A workspace that holds one text a run and no files: trees are told apart, restored and compared like those of git, and
 * nothing can be run in them.
 */
export function fakeWorkspace(): FakeWorkspace {
  const texts = new Map<string, string>();
  const known = new Map<string, string>();
  const read = (runId: string): string => texts.get(runId) ?? "";
  const write = (runId: string, text: string): void => void texts.set(runId, text);
  const keep = (text: string): string => {
    known.set(treeOf(text), text);
    return treeOf(text);
  };
  const base = keep("");

  const checkoutOf = (tree: string): Checkout => ({
    path: `/nowhere/${tree}`,
    tree,
    readable: [],
    digest: async () => tree,
    dispose: async () => {},
  });
  const changesOf = (from: string, to: string): Change[] =>
    from === to ? [] : [{ kind: "modified", path: "text", oldMode: "100644", newMode: "100644" }];

  const sessionOf = (runId: string): WorkspaceSession => ({
    path: "/nowhere",
    base: { tree: base, commit: null },
    snapshot: async () => keep(read(runId)),
    restore: async (tree) => {
      const text = known.get(tree);
      if (text === undefined) throw new Error(`there is no tree ${tree}`);
      write(runId, text);
    },
    checkout: async (tree) => checkoutOf(tree),
    changes: async (from, to) => changesOf(from, to),
    diff: async (from, to) => (from === to ? "" : `-${known.get(from)}\n+${known.get(to)}\n`),
    git: null,
    close: async () => {},
  });
  return { kind: "fake", open: async ({ runId }) => sessionOf(runId), write };
}
