export { parseRetryAfter } from "../base/retry-after.ts";
export type { AttemptOutcome, ErrorClass, ReconcileOutcome, Tool, ToolContext } from "../ports/tool.ts";
export { defineTool, type ToolOptions } from "./define-tool.ts";
export { type GitCommitOptions, gitCommit } from "./git-commit.ts";
export { isNotApplied, NotApplied, type NotAppliedDetails } from "./not-applied.ts";
export { type ShellOptions, shell } from "./shell.ts";
