import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { openProcesses } from "../../../src/process/index.ts";
import { sandboxOptions } from "../../../src/process/sandbox.ts";
import { openRunner, processesWith, requestOf, shell, temporaryDirectory, uniqueSeconds } from "./support.ts";

const probeDirectory = mkdtempSync(join(tmpdir(), "loopwright-probe-"));
const probe = openProcesses({ registryDirectory: probeDirectory });
const found = await probe.sandbox();
await probe.close();
rmSync(probeDirectory, { recursive: true });
const why = found.available ? "" : ` (skipped: ${found.reason})`;

describe.skipIf(!found.available)(`the sandbox${why}`, () => {
  const inSandbox = (line: string, cwd: string, writable: readonly string[] = []) =>
    shell(line, { cwd, writable, containment: "sandbox" });

  it("lets a command write its directory and what it was given, though both lie under /tmp", async () => {
    const [cwd, extra] = [temporaryDirectory(), temporaryDirectory()];
    const result = await openRunner().run(inSandbox(`pwd; echo in > a; echo ex > ${extra}/b`, cwd, [extra]));
    expect(result).toMatchObject({ exitCode: 0, stdout: `${cwd}\n`, stderr: "" });
    expect(readFileSync(join(cwd, "a"), "utf8")).toBe("in\n");
    expect(readFileSync(join(extra, "b"), "utf8")).toBe("ex\n");
  });

  it("lets it write nowhere else, not even by mounting again", async () => {
    const place = [homedir(), "/opt"].find((path) => !/^\/(tmp|var\/tmp|run)\b/.test(path))!;
    const outside = mkdtempSync(join(place, ".loopwright-sandbox-"));
    onTestFinished(() => rmSync(outside, { recursive: true }));
    const line = `touch ${outside}/x && echo wrote; mount -o remount,rw / && echo remounted; touch ${outside}/y && echo wrote; rm -rf ${outside} && echo removed; :`;
    const result = await openRunner().run(inSandbox(line, temporaryDirectory()));
    expect(result).toMatchObject({ exitCode: 0, stdout: "" });
    expect(result.stderr).toContain("Read-only file system");
  });

  it("keeps the kernel's settings out of reach", async () => {
    // Writes back what is there, so that a leak does no harm.
    const setting = "/proc/sys/kernel/printk";
    const line = `cat ${setting} > before; (cat before > ${setting}) && echo wrote; :`;
    const result = await openRunner().run(inSandbox(line, temporaryDirectory()));
    expect(result).toMatchObject({ exitCode: 0, stdout: "" });
  });

  it("has no network, not even loopback", async () => {
    const server = createServer((socket) => socket.end("reached")).listen(0, "127.0.0.1");
    onTestFinished(() => void server.close());
    await new Promise((resolve) => server.once("listening", resolve));
    const { port } = server.address() as { port: number };
    const script = `require("node:net").connect(${port}, "127.0.0.1").on("data", () => console.log("reached")).on("error", (e) => console.log(e.code))`;
    const command = [process.execPath, "-e", script] as const;
    const request = requestOf(command, { cwd: temporaryDirectory() });
    const processes = openRunner();
    expect((await processes.run(request)).stdout).toBe("reached\n");
    expect((await processes.run({ ...request, containment: "sandbox" })).stdout).toMatch(/^E\w+\n$/);
  });

  it("has a private /tmp and an empty /run", async () => {
    const [cwd, other] = [temporaryDirectory(), temporaryDirectory()];
    const line = `echo x > /tmp/mine; ls /run; ls -d /tmp/mine ${cwd} ${other}`;
    const result = await openRunner().run(inSandbox(line, cwd));
    expect(result.stdout.split("\n").sort()).toEqual(["", "/tmp/mine", cwd].sort());
    expect(existsSync("/tmp/mine")).toBe(false);
  });

  it("shows below /tmp what it is told to, and only to read", async () => {
    const [cwd, given, other] = [temporaryDirectory(), temporaryDirectory(), temporaryDirectory()];
    writeFileSync(join(given, "a"), "given\n");
    writeFileSync(join(other, "a"), "other\n");
    const line = `cat ${given}/a; cat ${other}/a; echo x > ${given}/b && echo wrote; :`;
    const result = await openRunner().run({ ...inSandbox(line, cwd), readable: [given, "/tmp", "/no/such"] });
    expect(result).toMatchObject({ exitCode: 0, stdout: "given\n" });
  });

  it("finds programs that are installed below /tmp", async () => {
    const folder = temporaryDirectory();
    mkdirSync(join(folder, "node_modules/.bin"), { recursive: true });
    writeFileSync(join(folder, "tool.sh"), "#!/bin/sh\necho from the tool\n", { mode: 0o755 });
    symlinkSync("../../tool.sh", join(folder, "node_modules/.bin/tool"));
    const env = { PATH: `${folder}/node_modules/.bin:${process.env.PATH}` };
    const request = requestOf(["tool"], { cwd: temporaryDirectory(), env, containment: "sandbox" });
    expect(await openRunner().run(request)).toMatchObject({ stdout: "from the tool\n", sandboxed: true });
  });

  it("is what `auto` means where it can be had, and nothing else uses it unasked", async () => {
    const line = `touch /var/tmp/x-$$ && ls /run | wc -l`;
    const processes = openRunner();
    const cwd = temporaryDirectory();
    expect(await processes.run(shell(line, { cwd, containment: "auto" }))).toMatchObject({
      stdout: "0\n",
      sandboxed: true,
    });
    expect(await processes.run(shell("true", { cwd }))).toMatchObject({ sandboxed: false });
  });

  it("hides what it is told to hide, a file inside its own directory too", async () => {
    const [cwd, secrets] = [temporaryDirectory(), temporaryDirectory()];
    const inside = join(secrets, "work");
    mkdirSync(inside);
    writeFileSync(join(secrets, "key"), "secret");
    writeFileSync(join(cwd, "token"), "secret");
    const hidden = [secrets, join(cwd, "token"), join(cwd, "absent")];
    const processes = openRunner({ hidden });
    const result = await processes.run(
      inSandbox(`cat ${cwd}/token; cat ${secrets}/key; echo w > made`, inside, [cwd]),
    );
    expect(result.stdout).toBe("");
    expect(result.stderr).toContain("No such file");
    expect(readFileSync(join(inside, "made"), "utf8")).toBe("w\n");
  });

  it("works in a directory reached through a symlink", async () => {
    const [real, links] = [temporaryDirectory(), temporaryDirectory()];
    symlinkSync(real, join(links, "link"));
    await openRunner().run(inSandbox("echo x > a", join(links, "link")));
    expect(readFileSync(join(real, "a"), "utf8")).toBe("x\n");
  });

  it("passes exit codes on and says when the program does not exist", async () => {
    const processes = openRunner();
    expect(await processes.run(inSandbox("exit 9", temporaryDirectory()))).toMatchObject({
      ended: "exited",
      exitCode: 9,
    });
    const missing = requestOf(["no-such-program"], { cwd: temporaryDirectory(), containment: "sandbox" });
    expect(await processes.run(missing)).toMatchObject({ ended: "notFound", exitCode: null });
  });

  it("tells a death by signal from an exit", async () => {
    const killed = await openRunner().run(inSandbox("kill -SEGV $$", temporaryDirectory()));
    expect(killed).toMatchObject({ ended: "signalled", exitCode: null, signal: "SIGSEGV" });
  });

  it("dies whole at the time-out", async () => {
    const seconds = uniqueSeconds();
    const line = `trap '' TERM; setsid env -i sleep ${seconds} & sleep ${seconds}`;
    const result = await openRunner().run({ ...inSandbox(line, temporaryDirectory()), timeoutMs: 500 });
    expect(result.ended).toBe("timedOut");
    expect(processesWith(seconds)).toEqual([]);
  });

  it("lets no stray live on that a plain run could not find", async () => {
    const seconds = uniqueSeconds();
    const line = `env -i PATH="$PATH" setsid sh -c 'setsid sleep ${seconds} & exit 0' & sleep 0.3`;
    await openRunner().run(inSandbox(line, temporaryDirectory()));
    expect(processesWith(seconds)).toEqual([]);
  });
});

describe("containment auto", () => {
  it("runs plainly, and says so, where there is no sandbox", async () => {
    const processes = openRunner({ bubblewrap: "no-such-bwrap" });
    const request = shell("echo ran", { cwd: temporaryDirectory(), containment: "auto" });
    expect(await processes.run(request)).toMatchObject({ stdout: "ran\n", sandboxed: false });
  });
});

describe("sandboxOptions", () => {
  it("refuses to open the whole file system, or a path that is not there", () => {
    const cwd = temporaryDirectory();
    const refused = expect.objectContaining({ code: "environment" });
    expect(() => sandboxOptions({ cwd: "/", writable: [], readable: [], hidden: [] })).toThrow(refused);
    expect(() => sandboxOptions({ cwd, writable: ["/no/such/path"], readable: [], hidden: [] })).toThrow(
      refused,
    );
  });

  it("mounts the more specific path later, whatever the order it was given in", () => {
    const outer = temporaryDirectory();
    const inner = join(outer, "inner");
    mkdirSync(inner);
    const options = sandboxOptions({ cwd: outer, writable: [], readable: [], hidden: [inner] });
    expect(options.indexOf(inner)).toBeGreaterThan(options.indexOf(outer));
    const inverse = sandboxOptions({ cwd: inner, writable: [], readable: [], hidden: [outer] });
    expect(inverse.indexOf(inner)).toBeGreaterThan(inverse.indexOf(outer));
  });
});
