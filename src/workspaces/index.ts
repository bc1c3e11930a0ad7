export { gitWorkspace } from "./git-workspace.ts";
export type { GitWorkspaceOptions } from "./options.ts";
