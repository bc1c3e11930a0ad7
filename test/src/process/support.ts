import { randomInt } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { onTestFinished } from "vitest";
import type { ProcessRequest } from "../../../src/ports/process.ts";
import { openProcesses } from "../../../src/process/index.ts";
import type { ProcessesOptions } from "../../../src/process/processes.ts";

/** A fresh directory, removed when the test has ended. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "loopwright-process-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** A runner with a register of its own, closed when the test has ended. */
export function openRunner(options: Partial<ProcessesOptions> = {}) {
  const processes = openProcesses({ registryDirectory: join(temporaryDirectory(), "register"), ...options });
  onTestFinished(() => processes.close());
  return processes;
}

/** A request with what every test needs. */
export const requestOf = (
  command: readonly [string, ...string[]],
  more: Partial<ProcessRequest> = {},
): ProcessRequest => ({
  command,
  cwd: tmpdir(),
  env: { PATH: process.env.PATH ?? "" },
  timeoutMs: 60_000,
  ...more,
});

export const shell = (line: string, more: Partial<ProcessRequest> = {}): ProcessRequest =>
  requestOf(["sh", "-c", line], more);

/** A number of seconds to sleep that no other test uses, so that its sleepers can be told from others. */
export const uniqueSeconds = (): string => `${randomInt(10_000, 99_999)}.${randomInt(100_000, 999_999)}`;

function commandLineOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    return "";
  }
}

/** Pids of the living processes whose command line holds this text (a zombie has none). */
export const processesWith = (text: string): string[] =>
  readdirSync("/proc").filter((name) => /^\d+$/.test(name) && commandLineOf(name).includes(text));

/** Waits until something holds, looking often; false when it never did within 30 seconds. */
export async function eventually(holds: () => boolean): Promise<boolean> {
  const giveUpAt = Date.now() + 30_000;
  while (!holds() && Date.now() < giveUpAt) await sleep(20);
  return holds();
}
