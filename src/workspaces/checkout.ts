import { randomBytes } from "node:crypto";
import { mkdir, realpath } from "node:fs/promises";
import { join } from "node:path";
import { LoopwrightError } from "../base/errors.ts";
import type { Checkout, CheckoutOptions } from "../ports/workspace.ts";
import type { Place } from "./gate.ts";
import { withProtected } from "./protect.ts";
import { leadsStraight, linkProvided } from "./provide.ts";
import { removeTree } from "./remove.ts";
import { readTree, withIndex, writeTree } from "./trees.ts";
import { projectIn, type Work } from "./work.ts";

/**
 * A clean directory that holds exactly one tree, with protected paths as in the base and links to what is provided.
 * Refuses a tree in which the project's folder is a link that leads elsewhere.
 */
export async function openCheckout(
  work: Work,
  tree: string,
  options: CheckoutOptions = {},
): Promise<Checkout> {
  const { layout, trees, marker } = work;
  const { restoreFromBase: globs = [], signal } = options;
  const { base, prefix } = marker;
  const root = join(layout.checkouts, randomBytes(8).toString("hex"));
  const place = { directory: join(root, "tree"), index: join(root, "index") };
  const dispose = () => removeTree(root);
  try {
    const held = await withProtected(trees, { base: base.tree, tree, globs, prefix, signal });
    await mkdir(place.directory, { recursive: true });
    await readTree(trees, place, held, signal);
    const path = await projectFolder(place.directory, prefix);
    await provideTo(work, place);
    const readable = [layout.provided];
    return { path, tree: held, readable, digest: () => digestOf(work, place), dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}

const digestOf = ({ trees }: Work, { directory, index }: Place): Promise<string> =>
  withIndex(trees.gate, index, (copy) => writeTree(trees, { directory, index: copy }));

async function provideTo({ layout, marker }: Work, { directory }: Place): Promise<void> {
  for (const path of marker.provided) {
    if (await leadsStraight(directory, path))
      await linkProvided(join(layout.provided, path), join(directory, path));
  }
}

async function projectFolder(directory: string, prefix: string): Promise<string> {
  const path = projectIn(directory, prefix);
  if (await leadsStraight(directory, `${prefix}.`)) {
    await mkdir(path, { recursive: true }).catch(() => {});
    if ((await realpath(path).catch(() => null)) === projectIn(await realpath(directory), prefix))
      return path;
  }
  throw new LoopwrightError({
    code: "workspace",
    field: prefix,
    message: `in this tree ${prefix} is no folder of its own any more, so no check can run there`,
    fix: "let the agent put the folder back",
  });
}
