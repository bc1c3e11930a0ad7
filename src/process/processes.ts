import { statSync } from "node:fs";
import { constants } from "node:os";
import { LoopwrightError } from "../base/errors.ts";
import type { ProcessRequest, ProcessResult, ProcessRunner } from "../ports/process.ts";
import { inheritedMarks, markEnv, newToken, runMark } from "./mark.ts";
import { type ChildResult, notRun, runChild } from "./run-child.ts";
import { programFolders, sandboxOptions } from "./sandbox.ts";
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

type Prepared = {
  command: readonly [string, ...string[]];
  sandboxed: boolean;
  /** What the end of the process that was started says about the program that was asked for. */
  read: (result: ChildResult) => ChildResult;
};

const isDirectory = (path: string): boolean =>
  statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;

const plain = (request: ProcessRequest): Prepared => ({
  command: request.command,
  sandboxed: false,
  read: (result) => result,
});

/** Inside, bubblewrap starts the program: it says that it could not, and passes a death by signal on as 128 + its number. */
const readInside =
  (program: string) =>
  (result: ChildResult): ChildResult => {
    const { exitCode, stderr } = result;
    if (exitCode === 1 && stderr.startsWith(`bwrap: execvp ${program}: `))
      return { ...result, ended: "notFound", exitCode: null };
    const signal = signalNames.get((exitCode ?? 0) - 128);
    return signal === undefined || result.ended !== "exited"
      ? result
      : { ...result, ended: "signalled", exitCode: null, signal };
  };

const signalNames = new Map(Object.entries(constants.signals).map(([name, number]) => [number, name]));

function sandboxed(
  request: ProcessRequest,
  { program, hidden }: { program: string; hidden: readonly string[] },
): Prepared {
  const { cwd, env, writable = [], readable = [] } = request;
  const programs = programFolders(env.PATH ?? "");
  const options = sandboxOptions({ cwd, writable, readable: [...readable, ...programs], hidden });
  return {
    command: [program, ...options, "--", ...request.command],
    sandboxed: true,
    read: readInside(request.command[0]),
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

  async function launch(
    request: ProcessRequest,
    { command, sandboxed, read }: Prepared,
  ): Promise<ProcessResult> {
    const signal = AbortSignal.any([closing.signal, ...(request.signal ? [request.signal] : [])]);
    if (signal.aborted) return { ...notRun("aborted", ""), sandboxed };
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
    return { ...read(result), sandboxed };
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
    const { containment = "workspace" } = request;
    if (containment !== "sandbox" && containment !== "auto") return plain(request);
    const found = await probe();
    if (found.available) return sandboxed(request, { program: found.program, hidden });
    return containment === "auto" ? plain(request) : refuseSandbox(found);
  }

  async function run(request: ProcessRequest): Promise<ProcessResult> {
    if (!isDirectory(request.cwd)) {
      const reason = `the working directory ${request.cwd} does not exist`;
      return { ...notRun("notFound", reason), sandboxed: false };
    }
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
