import { readFileSync } from "node:fs";
import { hostname } from "node:os";

/** Names this process so that others can tell whether it still lives: host, boot, pid, start time, and a number. */

const read = (path: string): string | null => {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
};

const bootId = (): string => read("/proc/sys/kernel/random/boot_id")?.trim() ?? "-";

/**
 * Clock ticks after boot at which a process started: field 22 of its stat, counted after the name in parentheses. `null`
 * where there is none, or only its remains that nobody has collected: those do nothing any more.
 */
function startTime(pid: number): string | null {
  const fields = read(`/proc/${pid}/stat`)?.split(") ").pop()?.split(" ") ?? [];
  return fields[0] === "Z" || fields[0] === "X" ? null : (fields[19] ?? null);
}

let engines = 0;

/** A name for one engine of this process. */
export function ownerName(): string {
  engines += 1;
  return JSON.stringify({
    host: hostname(),
    boot: bootId(),
    pid: process.pid,
    start: startTime(process.pid) ?? "-",
    engine: engines,
  });
}

type Owner = { host: string; boot: string; pid: number; start: string };

function parse(owner: string): Owner | null {
  try {
    return JSON.parse(owner) as Owner;
  } catch {
    return null;
  }
}

/** Is this owner surely dead? Only a process of this very machine can be told to be; of others nothing is known. */
export function isSurelyDead(owner: string): boolean {
  const known = parse(owner);
  if (known === null || known.host !== hostname()) return false;
  if (known.boot !== bootId()) return known.boot !== "-";
  if (known.start === "-") return false;
  return startTime(known.pid) !== known.start;
}

/** The owner in words. */
export function describeOwner(owner: string): string {
  const known = parse(owner);
  return known === null ? owner : `process ${known.pid} on ${known.host}`;
}
