import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { hasProcFiles } from "../../../src/process/proc-files.ts";
import { recordsIn, startHost } from "./hosts.ts";
import { eventually, processesWith } from "./support.ts";

const isGone = (pid: number): boolean =>
  !existsSync(`/proc/${pid}`) || !processesWith("watchdog").includes(String(pid));

// The lowest bit of the mask of caught signals stands for SIGHUP.
const catchesHangUp = (pid: number): boolean =>
  /^SigCgt:\s*[0-9a-f]*[13579bdf]$/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));

describe.skipIf(!hasProcFiles)("the watchdog", () => {
  it.each([
    { name: "the host alone is killed", kill: (pid: number) => process.kill(pid, "SIGKILL") },
    { name: "its whole process group is killed", kill: (pid: number) => process.kill(-pid, "SIGKILL") },
    { name: "its group is asked to end", kill: (pid: number) => process.kill(-pid, "SIGTERM") },
  ])("leaves nothing alive when $name", async ({ kill }) => {
    const host = await startHost();
    const [record] = recordsIn(host.registryDirectory);
    expect(processesWith(host.seconds).length).toBeGreaterThan(3);
    kill(host.pid);
    await host.gone;
    expect(await eventually(() => processesWith(host.seconds).length === 0)).toBe(true);
    expect(await eventually(() => readdirSync(host.registryDirectory).length === 0)).toBe(true);
    expect(await eventually(() => isGone(record!.watchdog!.pid))).toBe(true);
  });

  it("stands through the signals of a service manager", async () => {
    const host = await startHost();
    const [record] = recordsIn(host.registryDirectory);
    await eventually(() => catchesHangUp(record!.watchdog!.pid));
    for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const)
      process.kill(record!.watchdog!.pid, signal);
    process.kill(host.pid, "SIGKILL");
    await host.gone;
    expect(await eventually(() => processesWith(host.seconds).length === 0)).toBe(true);
  });
});
