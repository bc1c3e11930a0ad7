import { describe, expect, it, vi } from "vitest";
import type { ProcessResult } from "../../../src/ports/process.ts";
import { probeSandbox } from "../../../src/process/sandbox-probe.ts";

const resultOf = (exitCode: number, stderr: string): ProcessResult => ({
  ended: "exited",
  exitCode,
  signal: null,
  stdout: "",
  stderr,
  dropped: 0,
  durationMs: 1,
  sandboxed: true,
});

describe("probeSandbox", () => {
  it("finds the program on the host's PATH and tries it", async () => {
    const tryRun = vi.fn(async () => resultOf(0, ""));
    const probe = await probeSandbox({ name: "sh", tryRun });
    expect(probe).toEqual({ available: true, program: expect.stringMatching(/^\/.*\/sh$/) });
    expect(tryRun).toHaveBeenCalledTimes(1);
  });

  it("says what to install when there is none", async () => {
    const tryRun = vi.fn(async () => resultOf(0, ""));
    expect(await probeSandbox({ name: "no-such-bwrap", tryRun })).toMatchObject({
      available: false,
      fix: "apt-get install bubblewrap",
    });
    expect(tryRun).not.toHaveBeenCalled();
  });

  it("says what to allow when the kernel refuses", async () => {
    const tryRun = async () => resultOf(1, "bwrap: No permissions to create new namespace\n");
    expect(await probeSandbox({ name: "sh", tryRun })).toMatchObject({
      available: false,
      reason: "sh fails here: bwrap: No permissions to create new namespace",
      fix: expect.stringContaining("user namespaces"),
    });
  });
});
