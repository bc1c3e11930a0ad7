const escaped = (path: string): string => path.replace(/[*?[\\]/g, "\\$&");

// `git add` takes a literal path that is ignored for a mistake, even where it is named to be left out. It cannot tell
// so of a pattern, and a class of one character makes one.
const asPattern = (path: string): string => escaped(path).replace(/[A-Za-z0-9]/, "[$&]");

/** Pathspecs that leave out exactly these paths from the top, and everything below them. */
export const excluding = (paths: readonly string[]): string[] =>
  paths.map(asPattern).flatMap((path) => [`:(top,exclude,glob)${path}`, `:(top,exclude,glob)${path}/**`]);
