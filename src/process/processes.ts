import { statSync } from "node:fs";
import { LoopwrightError } from "../base/errors.ts";
import type { ProcessRequest, ProcessResult, ProcessRunner } from "../ports/process.ts";
import { inheritedMarks, markEnv, newToken, runMark } from "./mark.ts";
import { notRun, runChild } from "./run-child.ts";
import { sandboxOptions } from "./sandbox.ts";
import { probeSandbox, type SandboxProbe } from "./sandbox-probe.ts";
import { linkWatchdog } from "./watchdog-link.ts";

export type ProcessesOptions = {
  /** Where this host says that it lives; the same for all hosts of one store, and out of reach of what they run. */
  registryDirectory: string;
  /** Paths that a sandboxed command sees empty: the store, keys. Default: none. */
  hidden?: readonly string[];
  /** Name of the bubblewrap program on the host's PATH. Default `bwrap`. */
  bubblewrap?: string;
};

/** Milliseconds that the sandbox may take to start its trial command. */
const probeTimeoutMs = 30_000;

type Prepared = { command: readonly [string, ...string[]]; isNotFound: (result: ProcessResult) => boolean };

const isDirectory = (path: string): boolean =>
  statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;

const plain = (request: ProcessRequest): Prepared => ({ command: request.command, isNotFound: () => false });

function sandboxed(
  request: ProcessRequest,
  { program, hidden }: { program: string; hidden: readonly string[] },
): Prepared {
  const options = sandboxOptions({ cwd: request.cwd, writable: request.writable ?? [], hidden });
  // Inside, bubblewrap is what starts the program, and this is how it says that it could not.
  const complaint = `bwrap: execvp ${request.command[0]}: `;
  return {
    command: [program, ...options, "--", ...request.command],
    isNotFound: ({ exitCode, stderr }) => exitCode === 1 && stderr.startsWith(complaint),
  };
}

function refuseSandbox(probe: Exclude<SandboxProbe, { available: true }>): never {
  throw new LoopwrightError({
    code: "environment",
    field: "containment",
    message: `the sandbox was asked for but cannot be had: ${probe.reason}`,
    fix: probe.fix,
  });
}

/**
 * Opens the runner of child processes. Each child lives in a session of its own and is killed with everything it
 * started when its call ends, and when this process dies, however it dies: a watchdog process, started with the first
 * child, does it then. What it can find is every descendant, every session mate, and every process that still carries
 * the mark in its environment; only what wiped its environment *and* left its session *and* lost its parents escapes,
 * and not even that from the sandbox. Where there is no /proc (not Linux) only process groups are killed.
 */
export function openProcesses({
  registryDirectory,
  hidden = [],
  bubblewrap = "bwrap",
}: ProcessesOptions): ProcessRunner & { close(): Promise<void> } {
  const token = newToken();
  const watchdog = linkWatchdog({ token, registryDirectory });
  const closing = new AbortController();
  const running = new Set<Promise<unknown>>();
  let probed: Promise<SandboxProbe> | null = null;

  async function launch(request: ProcessRequest, { command, isNotFound }: Prepared): Promise<ProcessResult> {
    const signal = AbortSignal.any([closing.signal, ...(request.signal ? [request.signal] : [])]);
    if (signal.aborted) return notRun("aborted", "");
    watchdog.ensure();
    const run = newToken();
    const result = await runChild({
      request: { ...request, signal },
      command,
      env: { ...request.env, ...inheritedMarks(), ...markEnv(token, run) },
      mark: runMark(token, run),
      onStarted: watchdog.started,
      onEnded: watchdog.ended,
    });
    return isNotFound(result) ? { ...result, ended: "notFound", exitCode: null } : result;
  }

  const tryRun = (program: string): Promise<ProcessResult> => {
    const request: ProcessRequest = {
      command: ["true"],
      cwd: "/tmp",
      env: { PATH: process.env.PATH ?? "" },
      timeoutMs: probeTimeoutMs,
    };
    return launch(request, sandboxed(request, { program, hidden }));
  };

  const probe = (): Promise<SandboxProbe> => {
    probed ??= probeSandbox({ name: bubblewrap, tryRun });
    return probed;
  };

  async function prepare(request: ProcessRequest): Promise<Prepared> {
    if (request.containment !== "sandbox") return plain(request);
    const found = await probe();
    return found.available ? sandboxed(request, { program: found.program, hidden }) : refuseSandbox(found);
  }

  async function run(request: ProcessRequest): Promise<ProcessResult> {
    if (!isDirectory(request.cwd))
      return notRun("notFound", `the working directory ${request.cwd} does not exist`);
    return launch(request, await prepare(request));
  }

  function track<T>(work: Promise<T>): Promise<T> {
    const settled = work.then(
      () => {},
      () => {},
    );
    running.add(settled);
    void settled.then(() => running.delete(settled));
    return work;
  }

  return {
    run: (request) => track(run(request)),
    async sandbox() {
      const found = await track(probe());
      return found.available ? { available: true } : found;
    },
    async close() {
      closing.abort();
      await Promise.all(running);
      await watchdog.close();
    },
  };
}
