import { realpathSync, statSync } from "node:fs";
import { LoopwrightError } from "../base/errors.ts";

/** What a sandboxed command may write, and what it may not even see. */
export type SandboxPaths = { cwd: string; writable: readonly string[]; hidden: readonly string[] };

type Mount = { path: string; options: readonly string[] };

// A root user's own /proc mount would let it write the kernel's settings; bubblewrap leaves these open for root.
const kernelFiles = ["sys", "sysrq-trigger", "irq", "bus", "fs"].map((name) => `/proc/${name}`);

// Sockets under /run (docker, dbus) would be a way out that a read-only mount does not close.
const emptied = ["/tmp", "/run", "/var/tmp"];

const isDirectory = (path: string): boolean | null =>
  statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? null;

function emptyMount(path: string): Mount | null {
  const directory = isDirectory(path);
  if (directory === null) return null;
  const real = realpathSync(path);
  return { path: real, options: directory ? ["--tmpfs", real] : ["--ro-bind", "/dev/null", real] };
}

function refusePath(path: string, why: string): never {
  throw new LoopwrightError({
    code: "environment",
    field: path,
    message: `the sandbox cannot make this path writable: ${why}`,
    fix: "name an existing directory or file below the root as `cwd` and `writable`",
  });
}

function writableMount(path: string): Mount {
  if (isDirectory(path) === null) refusePath(path, "it does not exist");
  const real = realpathSync(path);
  if (real === "/") refusePath(path, "that would open the whole file system");
  return { path: real, options: ["--bind", real, real] };
}

/**
 * The bubblewrap options for a command: no network, own process and IPC namespaces, no capabilities, everything
 * read-only except `cwd` and `writable`, an empty /tmp, /var/tmp and /run, and `hidden` paths empty. Where mounts lie
 * inside one another, the more specific path wins, so a `cwd` under /tmp works and a hidden file inside `cwd` stays hidden.
 */
export function sandboxOptions({ cwd, writable, hidden }: SandboxPaths): string[] {
  const mounts = [
    ...emptied.map(emptyMount),
    ...[cwd, ...writable].map(writableMount),
    ...hidden.map(emptyMount),
  ].filter((mount) => mount !== null);
  return [
    ...["--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc"],
    ...kernelFiles.flatMap((path) => ["--ro-bind-try", path, path]),
    ...mounts.sort((a, b) => a.path.length - b.path.length).flatMap(({ options }) => options),
    ...["--unshare-net", "--unshare-pid", "--unshare-ipc", "--cap-drop", "ALL"],
    ...["--die-with-parent", "--new-session", "--chdir", realpathSync(cwd)],
  ];
}
