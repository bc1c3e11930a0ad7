import picomatch from "picomatch";
import { rawChanges, seenFrom } from "./changes.ts";
import { inGate } from "./gate.ts";
import { git, gitLine } from "./git.ts";
import { type IndexLine, putInIndex, removed, type Trees, withIndex } from "./trees.ts";

export type Protection = {
  base: string;
  tree: string;
  /** Globs as the project in `prefix` sees its paths; case and Unicode form do not matter. */
  globs: readonly string[];
  prefix: string;
  signal?: AbortSignal | undefined;
};

/** The tree with everything that the globs name put back as it is in the base; what was added there is gone. */
export async function withProtected(
  trees: Trees,
  { base, tree, globs, prefix, signal }: Protection,
): Promise<string> {
  if (globs.length === 0) return tree;
  const isProtected = matching(globs);
  const changes = await rawChanges(trees.gate, { from: base, to: tree, renames: false, signal });
  const touched = changes.filter(({ path }) => isProtected(seenFrom(prefix, path)));
  if (touched.length === 0) return tree;
  const lines = touched.map(
    ({ oldMode, oldId, path }): IndexLine =>
      oldMode === "000000" ? { ...removed, path } : { mode: oldMode, id: oldId, path },
  );
  // Removals first: what was added may stand where a file of the base belongs.
  const ordered = lines.toSorted((a, b) => Number(a.mode !== "0") - Number(b.mode !== "0"));
  return withIndex(trees.gate, null, async (index) => {
    await git(inGate(trees.gate, { args: ["read-tree", tree], index, signal }));
    await putInIndex(trees, index, ordered);
    return gitLine(inGate(trees.gate, { args: ["write-tree"], index, signal }));
  });
}

function matching(globs: readonly string[]): (path: string) => boolean {
  const match = picomatch(
    globs.map((glob) => glob.normalize("NFC")),
    { dot: true, nocase: true },
  );
  return (path) => match(path.normalize("NFC"));
}
