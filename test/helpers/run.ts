import { execFile } from "node:child_process";

export type Ran = { code: number; stdout: string; stderr: string };
export type RunOptions = { cwd?: string; env?: Record<string, string>; timeoutMs?: number };

/** Runs a program to its end and returns what it said; a failure is an answer, not an exception. */
export const run = (program: string, args: readonly string[], options: RunOptions = {}): Promise<Ran> =>
  new Promise((resolve) => {
    const { cwd = process.cwd(), env = {}, timeoutMs = 240_000 } = options;
    const settings = {
      cwd,
      env: { ...process.env, NO_COLOR: "1", ...env },
      timeout: timeoutMs,
      maxBuffer: 64 * 1024 * 1024,
    };
    execFile(program, args, settings, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === "number" ? error.code : -1;
      resolve({ code, stdout, stderr });
    });
  });

/** Runs a TypeScript file against the sources of this package. */
export const runSource = (
  file: string,
  args: readonly string[] = [],
  options: RunOptions = {},
): Promise<Ran> => run(process.execPath, ["--conditions=loopwright-source", file, ...args], options);
