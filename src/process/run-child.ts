import { type ChildProcess, spawn } from "node:child_process";
import { StringDecoder } from "node:string_decoder";
import { setTimeout as sleep } from "node:timers/promises";
import { LoopwrightError, messageOf } from "../base/errors.ts";
import { killGraceMs, outputBytesMax } from "../base/limits.ts";
import type { ProcessRequest, ProcessResult } from "../ports/process.ts";
import { type KeptOutput, keepOutput } from "./kept-output.ts";
import { startTimer } from "./long-timer.ts";
import { startOf } from "./proc-files.ts";
import { endTree, killTree, type Root, type Tree } from "./tree.ts";

/** A request made ready: the command as it is spawned (perhaps inside the sandbox) and the mark of its tree. */
export type Launch = {
  request: ProcessRequest;
  command: readonly [string, ...string[]];
  env: Readonly<Record<string, string>>;
  mark: string;
  onStarted: (root: Root) => void;
  onEnded: (root: Root) => void;
};

type Exit = { code: number | null; signal: string | null };
type StopCause = "timedOut" | "aborted";

/** Milliseconds to read what is still in the pipes once nobody of the tree is left to write. */
const drainMs = 1_000;

/** Why the system would not start a program that is not there, not a program, or not ours to start. */
const notFoundCodes: readonly string[] = [
  "ENOENT",
  "EACCES",
  "EPERM",
  "ENOTDIR",
  "ENOEXEC",
  "ELOOP",
  "ENAMETOOLONG",
];

function refuseStart(command: string, error: unknown): never {
  throw new LoopwrightError({
    code: "environment",
    field: "command",
    message: `${command} could not be started: ${messageOf(error)}`,
    fix: "shorten its arguments and environment, or free processes, memory or file handles",
    cause: error,
  });
}

/** How a child ended. What it ran in is the caller's to say. */
export type ChildResult = Omit<ProcessResult, "sandboxed">;

/** What a call ended with that never became a process. */
export const notRun = (ended: "notFound" | "aborted", stderr: string): ChildResult => ({
  ended,
  exitCode: null,
  signal: null,
  stdout: "",
  stderr,
  dropped: 0,
  durationMs: 0,
});

function notFound({ request }: Launch, error: NodeJS.ErrnoException): ChildResult {
  if (!notFoundCodes.includes(error.code ?? "")) refuseStart(request.command[0], error);
  return notRun("notFound", `the program ${request.command[0]} cannot be executed: ${error.code}`);
}

function spawnChild({ request, command, env }: Launch): ChildProcess {
  const [program, ...args] = command;
  try {
    return spawn(program, args, {
      cwd: request.cwd,
      env,
      detached: true,
      stdio: [request.stdin === undefined ? "ignore" : "pipe", "pipe", "pipe"],
    });
  } catch (error) {
    refuseStart(program, error);
  }
}

/** Collects a stream, telling it on as text at once; ends when the stream does. */
function collect(
  stream: NodeJS.ReadableStream,
  kept: KeptOutput,
  tell: (text: string) => void,
): Promise<void> {
  const decoder = new StringDecoder("utf8");
  const tellText = (text: string): void => void (text !== "" && tell(text));
  return new Promise((resolve) => {
    stream.on("data", (chunk: Buffer) => {
      kept.add(chunk);
      tellText(decoder.write(chunk));
    });
    stream.once("error", () => resolve());
    stream.once("end", () => tellText(decoder.end()));
    stream.once("close", () => resolve());
  });
}

function collectOutput(child: ChildProcess, request: ProcessRequest) {
  const bytesMax = request.outputBytesMax ?? outputBytesMax;
  const tell = request.onOutput ?? (() => {});
  const stdout = keepOutput(bytesMax);
  const stderr = keepOutput(bytesMax);
  const closed = Promise.all([collect(child.stdout!, stdout, tell), collect(child.stderr!, stderr, tell)]);
  /** Waits for the ends of both streams, but not for a stranger that got hold of one. */
  async function finish(): Promise<Pick<ProcessResult, "stdout" | "stderr" | "dropped">> {
    const timer = new AbortController();
    await Promise.race([closed, sleep(drainMs, undefined, { signal: timer.signal }).catch(() => {})]);
    timer.abort();
    child.stdout!.destroy();
    child.stderr!.destroy();
    return { stdout: stdout.text(), stderr: stderr.text(), dropped: stdout.dropped() + stderr.dropped() };
  }
  return { finish };
}

/** Ends the tree at the time-out or when the caller aborts, whichever comes first; `off` ends the watch. */
function watchForStop(request: ProcessRequest, tree: Tree) {
  let cause: StopCause | null = null;
  let stopped = (): void => {};
  const ended = new Promise<void>((resolve) => {
    stopped = resolve;
  });
  const stop = (why: StopCause): void => {
    off();
    cause = why;
    void endTree(tree, killGraceMs).then(stopped);
  };
  const onAbort = (): void => stop("aborted");
  const cancelTimer = startTimer(request.timeoutMs, () => stop("timedOut"));
  const off = (): void => {
    cancelTimer();
    request.signal?.removeEventListener("abort", onAbort);
  };
  request.signal?.addEventListener("abort", onAbort, { once: true });
  return { off, ended, cause: () => cause };
}

function writeStdin(child: ChildProcess, text: string | undefined): void {
  // A child that does not read its input closes the pipe: its exit tells more than EPIPE does.
  child.stdin?.on("error", () => {});
  child.stdin?.end(text);
}

async function follow(
  child: ChildProcess,
  launch: Launch,
  root: Root,
  exited: Promise<Exit>,
): Promise<ChildResult> {
  const { request } = launch;
  const startedAt = performance.now();
  const tree = { roots: [root], mark: launch.mark, since: root.start };
  const output = collectOutput(child, request);
  const watch = watchForStop(request, tree);
  writeStdin(child, request.stdin);
  // A process stuck in the kernel outlasts SIGKILL; the call ends all the same.
  const exit = await Promise.race([
    exited,
    watch.ended.then(() => sleep(drainMs, { code: null, signal: null }, { ref: false })),
  ]);
  watch.off();
  await (watch.cause() === null ? killTree(tree) : watch.ended);
  const kept = await output.finish();
  const ended = watch.cause() ?? (exit.signal === null ? "exited" : "signalled");
  return {
    ended,
    exitCode: exit.code,
    signal: exit.signal,
    ...kept,
    durationMs: performance.now() - startedAt,
  };
}

/**
 * Runs one child in a session of its own until it exits, is aborted or times out; then nothing of its tree is left,
 * in the background or elsewhere. Refuses (`environment`) only where the system itself would not start a process.
 */
export async function runChild(launch: Launch): Promise<ChildResult> {
  const child = spawnChild(launch);
  const exited = new Promise<Exit>((resolve) =>
    child.once("exit", (code, signal) => resolve({ code, signal })),
  );
  const failed = new Promise<NodeJS.ErrnoException>((resolve) => child.on("error", resolve));
  if (child.pid === undefined) return notFound(launch, await failed);
  const root = { pid: child.pid, start: startOf(child.pid) ?? 0 };
  launch.onStarted(root);
  try {
    return await follow(child, launch, root, exited);
  } finally {
    launch.onEnded(root);
  }
}
