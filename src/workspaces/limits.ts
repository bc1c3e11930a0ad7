/** Milliseconds until one git command is given up: far beyond what a large repository takes on a slow disk. */
export const gitTimeoutMs = 5 * 60_000;

/** Milliseconds until copying what is provided is given up: a `node_modules` of gigabytes on a slow disk. */
export const copyTimeoutMs = 10 * 60_000;

/** Bytes of one git command's answer: the listing of a tree of some million files. */
export const gitBytesMax = 512 * 1024 * 1024;

/** Bytes of a diff that is shown or kept, unless asked otherwise. */
export const diffBytesMax = 1024 * 1024;

/** Characters of git's own words in an error: a few lines. */
export const gitWordsMax = 600;

/** Repositories inside repositories that a snapshot follows; deeper ones are nobody's honest work. */
export const nestingLimit = 32;

/** Paths of a dirty checkout that an error lists. */
export const dirtyPathsShown = 5;
