import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { onTestFinished } from "vitest";

const program = new URL("./child.ts", import.meta.url).pathname;

export type Child = {
  /** The next line that it prints; `null` once it is gone. */
  line(): Promise<string | null>;
  kill(): Promise<void>;
  /** All that is still to come, when it has ended by itself with 0. */
  end(): Promise<string[]>;
};

function childOf(process: ChildProcess): Child {
  const lines = createInterface({ input: process.stdout! })[Symbol.asyncIterator]();
  const gone = once(process, "exit");
  const line = async () => {
    const { done, value } = await lines.next();
    return done === true ? null : value;
  };
  return {
    line,
    async kill() {
      process.kill("SIGKILL");
      await gone;
    },
    async end() {
      const rest: string[] = [];
      for (let next = await line(); next !== null; next = await line()) rest.push(next);
      const [code] = await gone;
      if (code !== 0) throw new Error(`the child ended with ${code}`);
      return rest;
    },
  };
}

/** A real process of its own that does a job of `child.ts` on a store file. */
export function startChild(job: string, file: string, args: readonly string[] = []): Child {
  const child = spawn(process.execPath, ["--no-warnings", program, job, file, ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  return childOf(child);
}
