import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { openProcesses } from "../../../src/process/index.ts";
import { inheritedMarks, markEnv, newToken } from "../../../src/process/mark.ts";
import { openRunner, processesWith, requestOf, shell, temporaryDirectory, uniqueSeconds } from "./support.ts";

describe("openProcesses", () => {
  it("gives a child the requested environment and its mark, nothing else", async () => {
    const result = await openRunner().run(
      requestOf(["env"], { env: { ONLY: "this", PATH: "/usr/bin:/bin" } }),
    );
    const names = result.stdout
      .trim()
      .split("\n")
      .map((line) => line.slice(0, line.indexOf("=")));
    expect(names.filter((name) => !name.startsWith("LOOPWRIGHT_TREE_")).sort()).toEqual(["ONLY", "PATH"]);
    expect(names.filter((name) => name.startsWith("LOOPWRIGHT_TREE_"))).toHaveLength(
      1 + Object.keys(inheritedMarks()).length,
    );
  });

  it("hands on the mark of the host that it runs under itself", async () => {
    const outer = markEnv(newToken(), newToken());
    for (const [name, value] of Object.entries(outer)) vi.stubEnv(name, value);
    const result = await openRunner().run(requestOf(["env"]));
    vi.unstubAllEnvs();
    for (const [name, value] of Object.entries(outer)) expect(result.stdout).toContain(`${name}=${value}\n`);
  });

  it("kills one run's leftovers and leaves its neighbour's children alone", async () => {
    const processes = openRunner();
    const seconds = uniqueSeconds();
    const stop = new AbortController();
    const neighbour = processes.run(
      shell(`setsid sleep ${seconds} & echo up; wait`, {
        signal: stop.signal,
        onOutput: () =>
          void processes.run(shell("setsid sleep 1000 & echo")).then(() => {
            expect(processesWith(seconds)).not.toEqual([]);
            stop.abort();
          }),
      }),
    );
    expect((await neighbour).ended).toBe("aborted");
    expect(processesWith(seconds)).toEqual([]);
  });

  it("starts no watchdog and registers nothing before the first run", async () => {
    const registryDirectory = join(temporaryDirectory(), "register");
    const processes = openProcesses({ registryDirectory });
    expect(existsSync(registryDirectory)).toBe(false);
    await processes.run(requestOf(["true"]));
    expect(readdirSync(registryDirectory)).toHaveLength(1);
    await processes.close();
    expect(readdirSync(registryDirectory)).toEqual([]);
    expect(processesWith(registryDirectory)).toEqual([]);
  });

  it("aborts what still runs when it closes, and runs nothing afterwards", async () => {
    const processes = openRunner();
    const seconds = uniqueSeconds();
    let started = (): void => {};
    const up = new Promise<void>((resolve) => {
      started = resolve;
    });
    const running = processes.run(shell(`echo up; sleep ${seconds}`, { onOutput: () => started() }));
    await up;
    await processes.close();
    expect((await running).ended).toBe("aborted");
    expect(processesWith(seconds)).toEqual([]);
    expect((await processes.run(requestOf(["true"]))).ended).toBe("aborted");
    await processes.close();
  });

  it("refuses the sandbox where bubblewrap is not installed, naming what to install", async () => {
    const processes = openRunner({ bubblewrap: "no-such-bwrap" });
    expect(await processes.sandbox()).toEqual({
      available: false,
      reason: "no-such-bwrap is not installed",
      fix: "apt-get install bubblewrap",
    });
    const run = processes.run(requestOf(["true"], { containment: "sandbox" }));
    await expect(run).rejects.toMatchObject({
      code: "environment",
      field: "containment",
      fix: "apt-get install bubblewrap",
    });
    expect((await processes.run(requestOf(["true"], { containment: "workspace" }))).exitCode).toBe(0);
  });

  it("refuses to run where it cannot register", async () => {
    const processes = openRunner({ registryDirectory: join(process.execPath, "register") });
    await expect(processes.run(requestOf(["true"]))).rejects.toMatchObject({ code: "environment" });
  });
});
