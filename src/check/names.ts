/** What the search calls things: trees, and actions: the one at hand, and those whose turn has not come. */
export const treeNow = "tree";
export const treeMoved = "another tree";
export const presentDigest = "present";
export const laterDigest = "later";
