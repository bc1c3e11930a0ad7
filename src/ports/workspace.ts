/** One changed path between two trees. Paths are relative, with forward slashes; modes as in git (`100644`, `120000`, `160000`). */
export type Change = {
  kind: "added" | "modified" | "deleted" | "renamed" | "mode";
  path: string;
  /** Where a renamed file came from. */
  from?: string;
  oldMode: string | null;
  newMode: string | null;
};

/** A clean directory that holds exactly one tree, and what a check needs beside it. */
export type Checkout = {
  path: string;
  /** The tree it was made from. */
  tree: string;
  /** Where links in it lead: what is provided lies outside it, and a sandboxed check must be able to read it. */
  readable: readonly string[];
  /** Digest of what lies there now; differs from `tree` when a check changed its own input. Ignored files do not count. */
  digest(): Promise<string>;
  dispose(): Promise<void>;
};

export type CheckoutOptions = {
  /** Globs of paths that are put back as they are in the base commit (`protectedPaths`). */
  restoreFromBase?: readonly string[];
  signal?: AbortSignal;
};

/** One run's workspace: where its agent works. Trees are named by their git tree id (40 or 64 hex digits). */
export type WorkspaceSession = {
  /** The directory the agent works in. */
  path: string;
  /** The tree the run started from, and the commit it belongs to (`null` for a repository with no commit). */
  base: { tree: string; commit: string | null };
  /** Writes the directory's present content as a tree and returns its id; ignored files are left out. */
  snapshot(): Promise<string>;
  /** Makes the directory's tracked and untracked content equal to a tree; ignored files stay. */
  restore(tree: string): Promise<void>;
  /** A clean checkout of exactly this tree, out of the agent's reach. The caller disposes of it. */
  checkout(tree: string, options?: CheckoutOptions): Promise<Checkout>;
  /** What differs between two trees, renames found. */
  changes(from: string, to: string): Promise<Change[]>;
  /** The unified diff between two trees, cut to `maxBytes` (default 1 MiB). */
  diff(from: string, to: string, maxBytes?: number): Promise<string>;
  /** The git face, where the workspace is a git repository: what `git.commit` needs. */
  git: WorkspaceGit | null;
  /** Removes what the run no longer needs; the user's repository is not touched. Safe to call twice. */
  close(): Promise<void>;
};

export type WorkspaceGit = {
  /** The user's own repository, where the branch comes back to. */
  origin: string;
  /** Makes a commit of `tree` on `branch` of the user's repository: commit-tree, then update-ref with the expected old value. */
  publish(request: {
    tree: string;
    branch: string;
    message: string;
    /** Appended as a trailer, `Loopwright-Effect: KEY`: what reconciliation looks for. */
    key: string;
    signal?: AbortSignal;
  }): Promise<{ commit: string; branch: string }>;
  /** The commit on `branch`, or wherever it was taken since, that carries the trailer with this key; or `null`. */
  findPublished(branch: string, key: string): Promise<{ commit: string; tree: string } | null>;
};

/** How a contract names its workspace: `open` finds the same session again after a crash. */
export type Workspace = {
  kind: string;
  /**
   * Opens the workspace of a run: makes it at the first call, finds it again afterwards.
   * `directory` is the user's project, `scratch` a directory outside it that belongs to the run alone.
   */
  open(request: {
    runId: string;
    directory: string;
    scratch: string;
    signal?: AbortSignal;
  }): Promise<WorkspaceSession>;
};
