import { closeSync, openSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type ChildRequest, runOwn } from "../../../src/workspaces/child.ts";
import { tempDirectory } from "../../helpers/temp.ts";

const run = (script: string, rest: Partial<ChildRequest> = {}) =>
  runOwn({
    command: ["sh", "-c", script],
    cwd: "/",
    env: { PATH: process.env.PATH ?? "" },
    timeoutMs: 30_000,
    bytesMax: 1_000_000,
    ...rest,
  });

describe("runOwn", () => {
  it("answers with exit code and both outputs", async () => {
    expect(await run("printf out; printf err >&2; exit 3")).toEqual({
      code: 3,
      stdout: Buffer.from("out"),
      stderr: "err",
      cut: false,
      timedOut: false,
    });
  });

  it("hands on text, bytes or a file as input, and closes it", async () => {
    expect((await run("cat", { input: "text" })).stdout.toString()).toBe("text");
    expect((await run("cat", { input: Buffer.from([0, 255]) })).stdout).toEqual(Buffer.from([0, 255]));
    expect((await run("cat")).stdout.toString()).toBe("");
    const file = join(tempDirectory(), "input");
    writeFileSync(file, "from a file");
    const descriptor = openSync(file, "r");
    expect((await run("cat", { input: descriptor })).stdout.toString()).toBe("from a file");
    closeSync(descriptor);
  });

  it("does not mind a child that reads no input", async () => {
    expect((await run("exit 0", { input: "x".repeat(1_000_000) })).code).toBe(0);
  });

  it("inherits nothing of the environment", async () => {
    process.env.LOOPWRIGHT_TEST_SECRET = "s";
    expect((await run("env")).stdout.toString()).not.toContain("LOOPWRIGHT_TEST_SECRET");
    delete process.env.LOOPWRIGHT_TEST_SECRET;
  });

  it("stops a child that writes more than is wanted", async () => {
    const answer = await run("exec yes", { bytesMax: 10 });
    expect(answer).toMatchObject({ code: null, cut: true });
    expect(answer.stdout.toString()).toBe("y\ny\ny\ny\ny\n");
  });

  it("stops a child that takes too long", async () => {
    expect(await run("exec sleep 60", { timeoutMs: 50 })).toMatchObject({ code: null, timedOut: true });
  });

  it("stops when aborted, and does not start when aborted before", async () => {
    const controller = new AbortController();
    const running = run("exec sleep 60", { signal: controller.signal });
    setTimeout(() => controller.abort(new Error("enough")), 50);
    await expect(running).rejects.toThrow("enough");
    await expect(run("exit 0", { signal: controller.signal })).rejects.toThrow("enough");
  });

  it("throws what kept a program from starting", async () => {
    await expect(run("", { command: ["loopwright-no-such-program"] })).rejects.toMatchObject({
      code: "ENOENT",
    });
  });
});
