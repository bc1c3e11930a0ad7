import { spawn } from "node:child_process";
import type { ProcessRequest, ProcessResult, ProcessRunner } from "../../../src/ports/process.ts";

type Ending = Pick<ProcessResult, "ended" | "exitCode" | "signal">;

const killGroup = (pid: number | undefined): void => {
  try {
    if (pid !== undefined) process.kill(-pid, "SIGKILL");
  } catch {
    // It has ended already.
  }
};

function run(request: ProcessRequest): Promise<ProcessResult> {
  const started = performance.now();
  const [program, ...args] = request.command;
  const child = spawn(program, args, {
    cwd: request.cwd,
    env: request.env,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const output = { stdout: "", stderr: "" };
  child.stdout.on("data", (chunk) => (output.stdout += chunk));
  child.stderr.on("data", (chunk) => (output.stderr += chunk));
  return new Promise((resolve) => {
    let killedFor: "timedOut" | "aborted" | null = null;
    const kill = (why: "timedOut" | "aborted") => () => {
      killedFor ??= why;
      killGroup(child.pid);
    };
    const timer = setTimeout(kill("timedOut"), request.timeoutMs);
    request.signal?.addEventListener("abort", kill("aborted"));
    const end = (ending: Ending) => {
      clearTimeout(timer);
      resolve({ ...ending, ...output, dropped: 0, durationMs: performance.now() - started });
    };
    child.on("error", () => end({ ended: "notFound", exitCode: null, signal: null }));
    child.on("close", (exitCode, signal) =>
      end({ ended: killedFor ?? (signal ? "signalled" : "exited"), exitCode, signal }),
    );
    if (request.signal?.aborted) kill("aborted")();
  });
}

/** Runs children with plain `spawn`, each in a group of its own that is killed whole. Has no sandbox. */
export const processStandIn: ProcessRunner = {
  run,
  sandbox: async () => ({ available: false, reason: "a stand-in has none", fix: "use the real runner" }),
};
