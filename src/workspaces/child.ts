import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";

export type ChildRequest = {
  command: readonly [string, ...string[]];
  cwd: string;
  env: Readonly<Record<string, string>>;
  /** Text or bytes for its stdin, or an open file's descriptor. */
  input?: string | Buffer | number;
  timeoutMs: number;
  /** Bytes of stdout that are wanted; the child is killed after them. */
  bytesMax: number;
  signal?: AbortSignal | undefined;
};

export type ChildAnswer = {
  /** `null`: killed. */
  code: number | null;
  stdout: Buffer;
  stderr: string;
  /** There was more output than wanted. */
  cut: boolean;
  timedOut: boolean;
};

/** Runs one of the runtime's own short commands. Throws what the signal was aborted with, or that it could not start. */
export async function runOwn(request: ChildRequest): Promise<ChildAnswer> {
  request.signal?.throwIfAborted();
  const child = start(request);
  const closed = once(child, "close") as Promise<[number | null]>;
  const guard = killOn(child, request);
  const stdout = collect(child, request.bytesMax);
  const stderr: Buffer[] = [];
  child.stderr!.on("data", (chunk: Buffer) => stderr.push(chunk));
  try {
    const [code] = await closed;
    request.signal?.throwIfAborted();
    return { code, ...stdout(), stderr: Buffer.concat(stderr).toString(), timedOut: guard.timedOut() };
  } finally {
    guard.off();
  }
}

function start({ command: [program, ...args], cwd, env, input }: ChildRequest): ChildProcess {
  const isFile = typeof input === "number";
  const child = spawn(program, args, { cwd, env, stdio: [isFile ? input : "pipe", "pipe", "pipe"] });
  // A child that ends without reading its input closes the pipe: its exit tells more than EPIPE does.
  child.stdin?.on("error", () => {});
  if (!isFile) child.stdin!.end(input);
  return child;
}

function collect(child: ChildProcess, bytesMax: number) {
  const chunks: Buffer[] = [];
  let bytes = 0;
  child.stdout!.on("data", (chunk: Buffer) => {
    if (bytes <= bytesMax) chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > bytesMax) child.kill("SIGKILL");
  });
  return () => ({ stdout: Buffer.concat(chunks).subarray(0, bytesMax), cut: bytes > bytesMax });
}

function killOn(child: ChildProcess, { timeoutMs, signal }: ChildRequest) {
  let late = false;
  const kill = (): void => void child.kill("SIGKILL");
  const timer = setTimeout(() => {
    late = true;
    kill();
  }, timeoutMs);
  signal?.addEventListener("abort", kill, { once: true });
  const off = (): void => {
    clearTimeout(timer);
    signal?.removeEventListener("abort", kill);
  };
  return { off, timedOut: () => late };
}
