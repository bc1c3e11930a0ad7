import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { messageCharsMax } from "../../../src/base/limits.ts";
import type { ToolContext } from "../../../src/ports/tool.ts";
import type { WorkspaceSession } from "../../../src/ports/workspace.ts";
import { openProcesses } from "../../../src/process/index.ts";
import { type ShellOptions, shell } from "../../../src/tools/index.ts";
import { tempDirectory } from "../../helpers/temp.ts";

function open(options: ShellOptions = {}) {
  const root = tempDirectory("shell");
  const path = join(root, "work");
  mkdirSync(path);
  const processes = openProcesses({ registryDirectory: join(root, "register") });
  onTestFinished(() => processes.close());
  const stop = new AbortController();
  const context = {
    workspace: { path } as WorkspaceSession,
    signal: stop.signal,
    processes,
  } as unknown as ToolContext;
  const tool = shell(options);
  const run = (command: string, more: { timeoutMs?: number } = {}, changes: Partial<ToolContext> = {}) =>
    tool.execute({ command, ...more }, { ...context, ...changes });
  return { root, path, stop, tool, run };
}

const resultOf = (outcome: unknown) => (outcome as { result: { stdout: string; dropped: number } }).result;

const applied = (result: object) => ({ outcome: "applied", result: expect.objectContaining(result) });

describe("shell", () => {
  it("is destructive, irreversible and never repeated, and cannot be asked", () => {
    const tool = shell();
    expect(tool).toMatchObject({
      name: "shell",
      effect: "destructive",
      repeat: "never",
      sensitivity: ["irreversible"],
    });
    expect("reconcile" in tool).toBe(false);
    expect(shell({ name: "sh" }).name).toBe("sh");
  });

  it("runs a line in the workspace, and reports how it ended", async () => {
    const { path, run } = open();
    expect(await run("echo out; echo err >&2; touch made")).toEqual({
      outcome: "applied",
      result: { exitCode: 0, stdout: "out\n", stderr: "err\n", dropped: 0 },
    });
    expect(readdirSync(path)).toEqual(["made"]);
  });

  it("takes a command that failed for one that ran", async () => {
    const { run } = open();
    expect(await run("touch half; exit 3")).toEqual(applied({ exitCode: 3 }));
    expect(await run("no-such-program-anywhere")).toEqual(applied({ exitCode: 127 }));
  });

  it("hands the line to the shell as one argument, whatever it begins with", async () => {
    const { run } = open();
    for (const line of ["-x", "--help", "-c touch x"]) {
      expect(await run(line)).toEqual(
        applied({ exitCode: 127, stderr: expect.stringContaining(line.split(" ")[0]!) }),
      );
    }
    expect(await run("printf '%s' \"$#$1\"")).toEqual(applied({ stdout: "0" }));
  });

  it("refuses a line that no process can be given, before anything runs", () => {
    const { input } = shell({ timeoutMs: 1_000 });
    const accepts = (given: unknown) => input.safeParse(given).success;
    expect(accepts({ command: "true" })).toBe(true);
    expect(accepts({ command: "true", timeoutMs: 1_000 })).toBe(true);
    for (const odd of ["", "  ", "a\0b", "x".repeat(32_769), 3])
      expect(accepts({ command: odd })).toBe(false);
    for (const odd of [0, 1_001, 1.5, Number.POSITIVE_INFINITY])
      expect(accepts({ command: "true", timeoutMs: odd })).toBe(false);
    expect(accepts({ command: "true", cwd: "/" })).toBe(false);
  });

  it("does not know what a line did that took too long, and ends it", async () => {
    const { path, run } = open();
    writeFileSync(join(path, "pids"), "");
    const outcome = await run("echo $$ >> pids; sleep 600", { timeoutMs: 300 });
    expect(outcome).toMatchObject({ outcome: "unknown", failure: { errorClass: "timeout" } });
    const pid = Number(readFileSync(join(path, "pids"), "utf8"));
    if (pid > 0) expect(() => process.kill(pid, 0)).toThrow();
  });

  it("leaves the attempt time to end a line that took too long", () => {
    expect(shell({ timeoutMs: 1_000 }).timeoutMs).toBeGreaterThan(1_000 + 2_000);
  });

  it("does not know what a line did that was cancelled or killed", async () => {
    const { run, stop } = open();
    expect(await run("kill -9 $$")).toMatchObject({
      outcome: "unknown",
      failure: { errorClass: "internal" },
    });
    setTimeout(() => stop.abort(), 200);
    expect(await run("sleep 600")).toMatchObject({
      outcome: "unknown",
      failure: { errorClass: "cancelled" },
    });
  });

  it("knows that nothing ran where there is no workspace, or no shell", async () => {
    const { run } = open();
    const nowhere = await run("true", {}, { workspace: null });
    expect(nowhere).toMatchObject({ outcome: "notApplied", failure: { errorClass: "invalidArguments" } });
    vi.stubEnv("PATH", tempDirectory("empty"));
    onTestFinished(() => void vi.unstubAllEnvs());
    expect(await run("true")).toMatchObject({ outcome: "notApplied", failure: { errorClass: "notFound" } });
  });

  it("keeps head and tail of what a line prints without end, and says how much is gone", async () => {
    const { run } = open();
    const outcome = await run("echo first; head -c 5000000 /dev/zero | tr '\\0' x; echo; echo last");
    const { stdout, dropped } = resultOf(outcome);
    expect(stdout.length).toBeLessThanOrEqual(messageCharsMax);
    expect(stdout).toMatch(/^first\n[\s\S]*left out[\s\S]*last\n$/);
    expect(dropped).toBeGreaterThan(3_000_000);
  });

  it("shows escapes and bytes that are no text instead of handing them on", async () => {
    const { run } = open();
    const outcome = await run("printf '\\033[31mred\\377'; printf '\\033]0;t\\007' >&2");
    expect(resultOf(outcome)).toMatchObject({ stdout: "\\u{1b}[31mred\ufffd", stderr: "\\u{1b}]0;t\\u{7}" });
  });

  it("gives the line no more of the environment than was named", async () => {
    vi.stubEnv("SECRET_TOKEN", "s3cret");
    vi.stubEnv("WANTED", "yes");
    onTestFinished(() => void vi.unstubAllEnvs());
    const { run } = open({ env: ["WANTED", "NOT_SET"] });
    const result = resultOf(await run("env"));
    expect(result.stdout).toContain("WANTED=yes\n");
    expect(result.stdout).not.toContain("SECRET_TOKEN");
    expect(result.stdout).not.toContain("NOT_SET");
  });

  it.each([0, -5, 1.5, Number.NaN, Number.POSITIVE_INFINITY, "10 minutes"])(
    "refuses %o as the longest time of a command",
    (timeoutMs) => {
      expect(() => shell({ timeoutMs } as ShellOptions)).toThrow(
        expect.objectContaining({ code: "contract", field: "timeoutMs" }),
      );
    },
  );
});
