/** How far an agent or a verifier can reach outside the gate. `none` is treated like an undeclared tool. */
export type Containment = "sandbox" | "workspace" | "none";

export type ProcessRequest = {
  /** Program and arguments; never a shell line (use `["sh", "-c", line]` where a shell is wanted). */
  command: readonly [string, ...string[]];
  cwd: string;
  /** The whole environment of the child; nothing is inherited. */
  env: Readonly<Record<string, string>>;
  stdin?: string;
  timeoutMs: number;
  signal?: AbortSignal;
  /** Bytes kept of each of stdout and stderr (head and tail). Default `outputBytesMax`. */
  outputBytesMax?: number;
  /** Called with each chunk of stdout or stderr as it arrives, for live display. */
  onOutput?: (chunk: string) => void;
  /** `sandbox`: no network, only `cwd` and `writable` can be written; refused where the system has no sandbox. */
  containment?: Containment;
  /** Further paths that may be written inside the sandbox. */
  writable?: readonly string[];
};

export type ProcessResult = {
  /** How it ended. `notFound`: the program does not exist or may not be executed. */
  ended: "exited" | "signalled" | "timedOut" | "aborted" | "notFound";
  exitCode: number | null;
  signal: string | null;
  stdout: string;
  stderr: string;
  /** Bytes left out of the kept output, both streams together. */
  dropped: number;
  durationMs: number;
};

/** Runs child processes under a supervisor that kills their whole tree with the host. Never throws for what the child did. */
export type ProcessRunner = {
  run(request: ProcessRequest): Promise<ProcessResult>;
  /** Whether `containment: "sandbox"` can be had on this system, and if not, why and what to install. */
  sandbox(): Promise<{ available: true } | { available: false; reason: string; fix: string }>;
};
