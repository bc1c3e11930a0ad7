import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { LoopwrightError, messageOf } from "../base/errors.ts";
import { bootId, hasProcFiles, isAlive, startOf } from "./proc-files.ts";

const RootRecord = z.object({ pid: z.int(), start: z.number() });

/** What a living host leaves in the registry directory, so that its children are found when it has died. */
export const HostRecord = z.object({
  token: z.string().min(1),
  bootId: z.string(),
  host: RootRecord,
  watchdog: RootRecord.nullable(),
});
export type HostRecord = z.infer<typeof HostRecord>;

/** Where the record of a host lies. */
export const hostFile = (directory: string, token: string): string => join(directory, `${token}.json`);

/** This process, as its record names it. */
export const thisHost = (): HostRecord["host"] => ({ pid: process.pid, start: startOf(process.pid) ?? 0 });

/** Writes the record whole or not at all; refuses (`environment`) where the directory cannot be written. */
export function writeHostFile(directory: string, record: Omit<HostRecord, "bootId">): void {
  const file = hostFile(directory, record.token);
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    writeFileSync(`${file}.new`, JSON.stringify({ ...record, bootId: bootId() }), { mode: 0o600 });
    renameSync(`${file}.new`, file);
  } catch (error) {
    throw new LoopwrightError({
      code: "environment",
      field: directory,
      message: `the register of running hosts cannot be written: ${messageOf(error)}`,
      fix: "make the directory writable, or put the store elsewhere",
      cause: error,
    });
  }
}

/** Removes a record; none is fine. */
export const removeHostFile = (directory: string, token: string): void =>
  rmSync(hostFile(directory, token), { force: true });

function readHostFile(file: string): HostRecord | null {
  try {
    return HostRecord.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    return null;
  }
}

/** All readable records; none where the directory does not exist. */
export function readHostFiles(directory: string): HostRecord[] {
  let names: string[] = [];
  try {
    names = readdirSync(directory);
  } catch {
    return [];
  }
  return names
    .filter((name) => name.endsWith(".json"))
    .map((name) => readHostFile(join(directory, name)))
    .filter((record) => record !== null);
}

function answers(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Does the host of this record still run, in this boot and as the same process? */
export function isHostAlive(record: HostRecord): boolean {
  if (!hasProcFiles) return answers(record.host.pid);
  return record.bootId === bootId() && isAlive(record.host);
}
