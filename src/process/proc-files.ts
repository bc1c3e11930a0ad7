import { existsSync, readdirSync, readFileSync } from "node:fs";

/** One living process as /proc tells it. `start` is in clock ticks since boot: with the pid it names one process for ever. */
export type ProcessStat = { pid: number; parent: number; group: number; session: number; start: number };

/** Whether the system shows its processes under /proc (Linux). */
export const hasProcFiles: boolean = existsSync("/proc/self/stat");

const deadStates: readonly string[] = ["Z", "X", "x"];

function readProc(pid: number | "self", file: string): string | null {
  try {
    // Latin-1 keeps every byte, so that nothing in a foreign environment can break the search.
    return readFileSync(`/proc/${pid}/${file}`, "latin1");
  } catch {
    return null;
  }
}

function parseStat(pid: number, text: string): (ProcessStat & { dead: boolean }) | null {
  // The name in parentheses may itself hold spaces and parentheses.
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  const [state = "", parent, group, session] = fields;
  const numbers = {
    parent: Number(parent),
    group: Number(group),
    session: Number(session),
    start: Number(fields[19]),
  };
  if (Object.values(numbers).some(Number.isNaN)) return null;
  return { pid, ...numbers, dead: deadStates.includes(state) };
}

function statOf(pid: number): (ProcessStat & { dead: boolean }) | null {
  const text = readProc(pid, "stat");
  return text === null ? null : parseStat(pid, text);
}

/** When a process started, zombies included; `null` when there is none with this pid. */
export const startOf = (pid: number): number | null => statOf(pid)?.start ?? null;

/** Is exactly this process (pid and start) alive? Zombies are not. */
export function isAlive(process: { pid: number; start: number }): boolean {
  const stat = statOf(process.pid);
  return stat !== null && !stat.dead && stat.start === process.start;
}

/** All living processes, by pid; empty where there is no /proc. */
export function listProcesses(): ProcessStat[] {
  if (!hasProcFiles) return [];
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((name) => statOf(Number(name)))
    .filter((stat) => stat !== null && !stat.dead)
    .map((stat) => stat as ProcessStat);
}

/** The environment a process was started with, entries ended by NUL, with a NUL in front; empty when it may not be read. */
export const environmentOf = (pid: number): string => `\0${readProc(pid, "environ") ?? ""}`;

/** Names this boot of the system: pids and start times mean nothing after the next. Empty where the system has no such name. */
export function bootId(): string {
  try {
    return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  } catch {
    return "";
  }
}
