import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openRunner, processesWith, requestOf, shell, temporaryDirectory, uniqueSeconds } from "./support.ts";

const node = (script: string): readonly [string, ...string[]] => [process.execPath, "-e", script];

describe("runChild", () => {
  it("returns both streams, the exit code and the time", async () => {
    const result = await openRunner().run(shell("echo out; echo err >&2; exit 3"));
    expect(result).toMatchObject({
      ended: "exited",
      exitCode: 3,
      signal: null,
      stdout: "out\n",
      stderr: "err\n",
      dropped: 0,
    });
    expect(result.durationMs).toBeGreaterThan(0);
  });

  it("names the signal that ended a child", async () => {
    const result = await openRunner().run(shell("kill -9 $$"));
    expect(result).toMatchObject({ ended: "signalled", exitCode: null, signal: "SIGKILL" });
  });

  it("says so when the program does not exist or may not be executed", async () => {
    const file = join(temporaryDirectory(), "plain");
    writeFileSync(file, "text", { mode: 0o644 });
    const processes = openRunner();
    const missing = { ended: "notFound", exitCode: null, stderr: expect.stringContaining("no-such-program") };
    expect(await processes.run(requestOf(["no-such-program"]))).toMatchObject(missing);
    const forbidden = { ended: "notFound", exitCode: null, stderr: expect.stringContaining("EACCES") };
    expect(await processes.run(requestOf([file]))).toMatchObject(forbidden);
  });

  it("says so when the working directory does not exist", async () => {
    const result = await openRunner().run(requestOf(["true"], { cwd: "/no/such/place" }));
    expect(result).toMatchObject({ ended: "notFound", stderr: expect.stringContaining("/no/such/place") });
  });

  it("refuses a command that the system cannot start", async () => {
    const run = openRunner().run(requestOf(["true", "x".repeat(4 * 1024 * 1024)]));
    await expect(run).rejects.toMatchObject({ code: "environment", field: "command" });
  });

  it("writes standard input, also to a child that does not read it", async () => {
    const processes = openRunner();
    expect((await processes.run(requestOf(["cat"], { stdin: "grüße" }))).stdout).toBe("grüße");
    const unread = await processes.run(requestOf(["true"], { stdin: "x".repeat(10_000_000) }));
    expect(unread).toMatchObject({ ended: "exited", exitCode: 0 });
    expect((await processes.run(requestOf(["cat"]))).stdout).toBe("");
  });

  it("ends a child that ignores SIGTERM at the time-out, with a grandchild that left its group", async () => {
    const seconds = uniqueSeconds();
    const line = `trap '' TERM; setsid sh -c "trap '' TERM; sleep ${seconds}; :" & echo up; sleep ${seconds}; :`;
    const result = await openRunner().run(shell(line, { timeoutMs: 500 }));
    expect(result).toMatchObject({ ended: "timedOut", exitCode: null, signal: "SIGKILL", stdout: "up\n" });
    expect(processesWith(seconds)).toEqual([]);
  });

  it("lets a child clean up when it is asked to end", async () => {
    const line = "trap 'echo cleaned; exit 5' TERM; echo up; while :; do sleep 0.05; done";
    const result = await openRunner().run(shell(line, { timeoutMs: 500 }));
    expect(result).toMatchObject({ ended: "timedOut", exitCode: 5, stdout: "up\ncleaned\n" });
  });

  it("ends at an abort, and does not start after one", async () => {
    const processes = openRunner();
    const seconds = uniqueSeconds();
    const stop = new AbortController();
    const aborted = processes.run(
      shell(`echo up; sleep ${seconds}`, { signal: stop.signal, onOutput: () => stop.abort() }),
    );
    expect(await aborted).toMatchObject({ ended: "aborted", stdout: "up\n" });
    expect(processesWith(seconds)).toEqual([]);
    const late = await processes.run(shell("echo up", { signal: stop.signal }));
    expect(late).toMatchObject({ ended: "aborted", stdout: "" });
  });

  it("leaves nothing in the background, and does not wait for what holds the pipe", async () => {
    const seconds = uniqueSeconds();
    const result = await openRunner().run(shell(`sleep ${seconds} & setsid sleep ${seconds} & echo done`));
    expect(result).toMatchObject({ ended: "exited", exitCode: 0, stdout: "done\n" });
    expect(processesWith(seconds)).toEqual([]);
    expect(result.durationMs).toBeLessThan(30_000);
  });

  it("finds what a program spawned detached and let go of", async () => {
    const seconds = uniqueSeconds();
    const script = `require("node:child_process").spawn("sleep", ["${seconds}"], { detached: true, stdio: "ignore" }).unref()`;
    const result = await openRunner().run(requestOf(node(script)));
    expect(result).toMatchObject({ ended: "exited", exitCode: 0 });
    expect(processesWith(seconds)).toEqual([]);
  });

  it("keeps the ends of 100 MB in little memory", async () => {
    const before = process.memoryUsage().rss;
    const result = await openRunner().run(
      shell("echo first; head -c 100000000 /dev/zero; echo last", { outputBytesMax: 65_536 }),
    );
    expect(result.stdout.startsWith("first\n")).toBe(true);
    expect(result.stdout.endsWith("last\n")).toBe(true);
    expect(result.dropped).toBe(100_000_000 + "first\nlast\n".length - 65_536);
    expect(process.memoryUsage().rss - before).toBeLessThan(80_000_000);
  });

  it("ends what never stops printing", async () => {
    const result = await openRunner().run(requestOf(["yes"], { timeoutMs: 300 }));
    expect(result.ended).toBe("timedOut");
    expect(result.stdout.startsWith("y\ny\n")).toBe(true);
  });

  it("survives output that is no text", async () => {
    const result = await openRunner().run(requestOf(["head", "-c", "300000", "/dev/urandom"]));
    expect(result).toMatchObject({ ended: "exited", exitCode: 0, dropped: 0 });
    expect(result.stdout).toContain("\ufffd");
  });

  it("tells output as it arrives, without cutting characters", async () => {
    const chunks: string[] = [];
    const script =
      "process.stdout.write(Buffer.from([0xe2])); setTimeout(() => process.stdout.write(Buffer.from([0x82, 0xac])), 300)";
    const result = await openRunner().run(
      requestOf(node(script), { onOutput: (chunk) => chunks.push(chunk) }),
    );
    expect(chunks).toEqual(["€"]);
    expect(result.stdout).toBe("€");
  });

  it("does not end at once under a time-out longer than one timer holds", async () => {
    const result = await openRunner().run(shell("sleep 0.3; echo done", { timeoutMs: 2 ** 40 }));
    expect(result).toMatchObject({ ended: "exited", stdout: "done\n" });
  });
});
