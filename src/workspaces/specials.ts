import { rm } from "node:fs/promises";
import { runOwn } from "./child.ts";
import { fromText, parts, toBytes } from "./git.ts";
import { gitBytesMax, gitTimeoutMs } from "./limits.ts";

export type Searched = {
  directory: string;
  /** Paths below it that are not searched. */
  except: readonly string[];
  signal?: AbortSignal | undefined;
};

const escaped = (path: string): string => path.replace(/[*?[\\]/g, "\\$&");

/**
 * Removes pipes, sockets and devices: no tree can hold them, git stumbles over one in the place of a file, and would wait
 * for ever to read a pipe called `.gitignore`. Links are not followed.
 */
export async function removeSpecials({ directory, except, signal }: Searched): Promise<void> {
  const passedOver = except.flatMap((path) => ["-path", `./${escaped(path)}`, "-prune", "-o"]);
  const special = ["f", "d", "l"].flatMap((type) => ["!", "-type", type]);
  const { stdout } = await runOwn({
    command: ["find", ".", ...passedOver, ...special, "-print0"],
    cwd: directory,
    env: { PATH: process.env.PATH ?? "", LC_ALL: "C" },
    timeoutMs: gitTimeoutMs,
    bytesMax: gitBytesMax,
    signal,
  });
  const root = fromText(`${directory}/`);
  await Promise.all(parts(stdout).map((path) => rm(toBytes(root + path), { force: true })));
}
