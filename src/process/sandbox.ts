import { realpathSync, statSync } from "node:fs";
import { delimiter, join, sep } from "node:path";
import { LoopwrightError } from "../base/errors.ts";

/** What a sandboxed command may write, what it must be able to read, and what it may not even see. */
export type SandboxPaths = {
  cwd: string;
  writable: readonly string[];
  readable: readonly string[];
  hidden: readonly string[];
};

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

function readableMount(path: string): Mount | null {
  if (isDirectory(path) === null) return null;
  const real = realpathSync(path);
  return ["/", ...emptied].includes(real) ? null : { path: real, options: ["--ro-bind", real, real] };
}

/** The folder right below an emptied one that holds a path, or nothing where the path can be seen anyway. */
function heldBy(path: string): string[] {
  const parent = emptied.find((folder) => path.startsWith(folder + sep));
  if (parent === undefined) return [];
  return [join(parent, path.slice(parent.length + 1).split(sep)[0]!)];
}

/** Where programs lie that would vanish with an emptied folder: a project, or Node itself, may be installed below /tmp. */
export const programFolders = (path: string): string[] => [
  ...new Set([...path.split(delimiter), process.execPath, import.meta.dirname].flatMap(heldBy)),
];

/**
 * The bubblewrap options for a command: no network, own process and IPC namespaces, no capabilities, everything
 * read-only except `cwd` and `writable`, an empty /tmp, /var/tmp and /run but for `readable`, and `hidden` paths empty. Where
 * mounts lie inside one another, the more specific path wins, so a `cwd` under /tmp works and a hidden file inside `cwd`
 * stays hidden.
 */
export function sandboxOptions({ cwd, writable, readable, hidden }: SandboxPaths): string[] {
  const mounts = [
    ...emptied.map(emptyMount),
    ...readable.map(readableMount),
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
