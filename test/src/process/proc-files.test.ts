import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, expect, it } from "vitest";
import {
  bootId,
  environmentOf,
  hasProcFiles,
  isAlive,
  listProcesses,
  startOf,
} from "../../../src/process/proc-files.ts";
import { eventually } from "./support.ts";

describe.skipIf(!hasProcFiles)("the files under /proc", () => {
  it("lists this process with its parent and start", () => {
    const own = listProcesses().find(({ pid }) => pid === process.pid);
    expect(own).toMatchObject({ parent: process.ppid, start: startOf(process.pid) });
  });

  it("reads a process whose name holds spaces and parentheses", async () => {
    const child = spawn(
      process.execPath,
      ["-e", "process.title = 'a) S 1 (b'; setTimeout(() => {}, 60_000)"],
      {
        env: { ODD: "1" },
        detached: true,
      },
    );
    expect(
      await eventually(() => listProcesses().some(({ pid, group }) => pid === child.pid && group === pid)),
    ).toBe(true);
    child.kill("SIGKILL");
    await once(child, "exit");
  });

  it("shows the environment a process was started with", async () => {
    const child = spawn("sleep", ["60"], { env: { PATH: process.env.PATH, ODD_ENTRY: "1=2" } });
    expect(await eventually(() => environmentOf(child.pid!).includes("\0ODD_ENTRY=1=2\0"))).toBe(true);
    child.kill("SIGKILL");
    await once(child, "exit");
    expect(environmentOf(child.pid!)).toBe("\0");
  });

  it("tells a living process from a later one with its pid", () => {
    const start = startOf(process.pid)!;
    expect(isAlive({ pid: process.pid, start })).toBe(true);
    expect(isAlive({ pid: process.pid, start: start - 1 })).toBe(false);
    expect(isAlive({ pid: 2 ** 30, start })).toBe(false);
    expect(startOf(2 ** 30)).toBeNull();
  });

  it("names the boot", () => {
    expect(bootId()).toMatch(/^[0-9a-f-]{36}$/);
    expect(bootId()).toBe(bootId());
  });
});
