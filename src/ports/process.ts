/**
 * How far an agent or a verifier can reach outside the gate. `sandbox`: no network, and it writes its own tree only.
 * `workspace`: it works in its own tree, and nothing enforces that it stays there. `none`: it reaches what the user can.
 * `auto`: `sandbox` where the system has one, else `workspace`.
 */
export type Containment = "auto" | "sandbox" | "workspace" | "none";

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
  /** Further paths that can be read inside the sandbox wherever they lie; what lies outside /tmp, /var/tmp and /run can anyway. */
  readable?: readonly string[];
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
  /** Whether it ran in the sandbox. */
  sandboxed: boolean;
};

/** Whether a command can be shut in on this system, and if not, why and what to install. */
export type SandboxReport = { available: true } | { available: false; reason: string; fix: string };

/** Runs child processes under a supervisor that kills their whole tree with the host. Never throws for what the child did. */
export type ProcessRunner = {
  run(request: ProcessRequest): Promise<ProcessResult>;
  sandbox(): Promise<SandboxReport>;
};
