/** Every bound of the runtime that is not part of a contract, with its unit and reason. */

/** Characters of an agent's, tool's or verifier's message that may enter the context: a screenful. */
export const messageCharsMax = 4_000;

/** Bytes of canonical arguments of all actions in one turn; larger turns are malformed (files belong in the workspace). */
export const turnBytesMax = 256 * 1024;

/** Bytes kept of one child process's output stream: head and tail, the middle is dropped and counted. */
export const outputBytesMax = 1024 * 1024;

/** Bytes of the memory an agent may carry from turn to turn. */
export const memoryBytesMax = 1024 * 1024;

/** Milliseconds between SIGTERM and SIGKILL of a child's process tree. */
export const killGraceMs = 2_000;

/** Milliseconds of the longest single `setTimeout`: beyond 2^31-1 Node fires at once, so long timers are re-armed. */
export const timerMsMax = 2 ** 31 - 1;

/** Bytes of a tool's result, as canonical JSON, that enter journal and context: what an agent reads in one go. */
export const resultBytesMax = 64 * 1024;
