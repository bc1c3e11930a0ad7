import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import type { ProcessResult, SandboxReport } from "../ports/process.ts";

/** Whether there is a sandbox, and if so, the absolute path of bubblewrap. */
export type SandboxProbe = { available: true; program: string } | Exclude<SandboxReport, { available: true }>;

const install = "apt-get install bubblewrap";

const allowNamespaces =
  "allow unprivileged user namespaces (sysctl kernel.unprivileged_userns_clone=1, on Ubuntu kernel.apparmor_restrict_unprivileged_userns=0)";

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The first program of this name on the host's own PATH, or `null`. A child's PATH has no say in what contains it. */
function findProgram(name: string): string | null {
  const directories = (process.env.PATH ?? "")
    .split(delimiter)
    .filter((directory) => directory.startsWith("/"));
  return directories.map((directory) => join(directory, name)).find(isExecutable) ?? null;
}

/** Looks for bubblewrap and tries it once with the real options: a kernel may refuse what is installed. */
export async function probeSandbox({
  name,
  tryRun,
}: {
  name: string;
  tryRun: (program: string) => Promise<ProcessResult>;
}): Promise<SandboxProbe> {
  const program = findProgram(name);
  if (program === null) return { available: false, reason: `${name} is not installed`, fix: install };
  const result = await tryRun(program);
  if (result.ended === "exited" && result.exitCode === 0) return { available: true, program };
  return {
    available: false,
    reason: `${name} fails here: ${result.stderr.trim() || result.ended}`,
    fix: allowNamespaces,
  };
}
