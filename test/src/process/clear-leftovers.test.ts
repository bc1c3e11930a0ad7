import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { clearLeftovers } from "../../../src/process/clear-leftovers.ts";
import { thisHost, writeHostFile } from "../../../src/process/host-file.ts";
import { newToken } from "../../../src/process/mark.ts";
import { hasProcFiles } from "../../../src/process/proc-files.ts";
import { recordsIn, startHost } from "./hosts.ts";
import { openRunner, processesWith, shell, temporaryDirectory, uniqueSeconds } from "./support.ts";

describe.skipIf(!hasProcFiles)("clearLeftovers", () => {
  it("kills what a host left whose watchdog died before it", async () => {
    const host = await startHost();
    const [record] = recordsIn(host.registryDirectory);
    process.kill(record!.watchdog!.pid, "SIGKILL");
    process.kill(-host.pid, "SIGKILL");
    await host.gone;
    expect(processesWith(host.seconds).length).toBeGreaterThan(3);
    const { killed } = await clearLeftovers(host.registryDirectory);
    expect(killed).toBeGreaterThan(3);
    expect(processesWith(host.seconds)).toEqual([]);
    expect(readdirSync(host.registryDirectory)).toEqual([]);
    expect(await clearLeftovers(host.registryDirectory)).toEqual({ killed: 0 });
  });

  it("leaves a living host and its children alone", async () => {
    const registryDirectory = join(temporaryDirectory(), "register");
    const processes = openRunner({ registryDirectory });
    const seconds = uniqueSeconds();
    const stop = new AbortController();
    onTestFinished(() => stop.abort());
    let started = (): void => {};
    const running = new Promise<void>((resolve) => {
      started = resolve;
    });
    const result = processes.run(
      shell(`echo up; sleep ${seconds}`, { signal: stop.signal, onOutput: () => started() }),
    );
    await running;
    expect(await clearLeftovers(registryDirectory)).toEqual({ killed: 0 });
    expect(processesWith(seconds)).not.toEqual([]);
    expect(readdirSync(registryDirectory)).toHaveLength(1);
    stop.abort();
    expect((await result).ended).toBe("aborted");
  });

  it("only forgets a host of an earlier boot", async () => {
    const registryDirectory = temporaryDirectory();
    const token = newToken();
    writeHostFile(registryDirectory, { token, host: { ...thisHost(), start: 0 }, watchdog: null });
    expect(await clearLeftovers(registryDirectory)).toEqual({ killed: 0 });
    expect(existsSync(join(registryDirectory, `${token}.json`))).toBe(false);
  });

  it("finds nothing where there never was a host", async () => {
    expect(await clearLeftovers(join(temporaryDirectory(), "nowhere"))).toEqual({ killed: 0 });
  });
});
