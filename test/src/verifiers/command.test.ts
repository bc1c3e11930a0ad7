import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { LoopwrightError } from "../../../src/base/errors.ts";
import { type CommandOptions, command } from "../../../src/verifiers/command.ts";
import { verifierCases } from "../../conformance/verifier.cases.ts";
import { type Files, openProject, type Project, verified } from "../../helpers/verifying.ts";

verifierCases("command", {
  verifier: () => command({ name: "script", command: "sh ./check.sh", timeoutMs: 30_000 }),
  base: { "check.sh": "exit 0" },
  passing: { "other.txt": "x" },
  failing: { "check.sh": 'echo "wrong: $PWD/a.ts(3,5) after $(date +%N) ms at $(date -u +%FT%TZ)"; exit 2' },
  failingOtherwise: { "check.sh": 'echo "wrong: $PWD/a.ts(4,5)"; exit 2' },
  nothing: { "check.sh": null },
  endless: { "check.sh": "echo started; sleep 600" },
});

let project: Project;
beforeEach(() => {
  project = openProject({ "a.txt": "a" });
});
afterEach(() => project.close());

const verify = (options: Omit<CommandOptions, "name">, proposal: Files = {}) => {
  const base = project.snapshot();
  const verifier = command({ name: "check", timeoutMs: 60_000, ...options });
  return verified({ project, verifier, tree: project.write(proposal), base });
};

describe("command", () => {
  it("records command, exit code, output and trees", async () => {
    const evidence = await verify({ command: ["sh", "-c", "echo out; echo err >&2"] });
    const tree = project.snapshot();
    expect(evidence).toMatchObject({
      verifier: "check",
      verdict: "passed",
      command: ["sh", "-c", "echo out; echo err >&2"],
      exitCode: 0,
      treeBefore: tree,
      treeAfter: tree,
    });
    expect(evidence.output).toContain("out");
    expect(evidence.output).toContain("err");
    expect(evidence.durationMs).toBeGreaterThan(0);
  });

  it("passes with an expected exit code only", async () => {
    expect((await verify({ command: "exit 3", expect: [3] })).verdict).toBe("passed");
    expect((await verify({ command: "exit 0", expect: [3] })).verdict).toBe("failed");
  });

  it("looks at exactly the tree under verification", async () => {
    const evidence = await verify({ command: "cat a.txt; ls" }, { "a.txt": "new", "b.txt": "b" });
    expect(evidence.output).toContain("new");
    expect(evidence.output).toContain("b.txt");
  });

  it.each([
    ["in the tree", { command: "touch new.txt" }],
    ["by changing a file and failing", { command: "echo b > a.txt; exit 1" }],
  ])("calls a check void that changed its own input %s", async (_how, options) => {
    const evidence = await verify(options);
    expect(evidence.verdict).toBe("unverifiable");
    expect(evidence.summary).toMatch(/void/);
    expect(evidence.treeAfter).not.toBe(evidence.treeBefore);
  });

  it("lets a check write what git ignores", async () => {
    const evidence = await verify({ command: "mkdir dist && touch dist/x" }, { ".gitignore": "dist/" });
    expect(evidence.verdict).toBe("passed");
  });

  it.each([
    ["a program", ["no-such-program-here"] as [string]],
    ["a program of a shell line", "no-such-program-here --flag"],
  ])("names %s that is not found, and the way out", async (_what, line) => {
    const evidence = await verify({ command: line });
    expect(evidence.verdict).toBe("unverifiable");
    expect(evidence.summary).toContain("no-such-program-here");
    expect(evidence.summary).toContain("install it");
  });

  it("fails what does not end in time, unless told otherwise", async () => {
    const endless = { command: "sleep 600", timeoutMs: 300 };
    expect(await verify(endless)).toMatchObject({ verdict: "failed", exitCode: null });
    expect((await verify({ ...endless, onTimeout: "unverifiable" })).verdict).toBe("unverifiable");
  });

  it("fails what was killed by a signal", async () => {
    const evidence = await verify({ command: ["sh", "-c", "kill -SEGV $$"] });
    expect(evidence).toMatchObject({ verdict: "failed" });
    expect(evidence.summary).toContain("SIGSEGV");
  });

  it("passes only named variables through", async () => {
    process.env.VERIFIER_TEST_SECRET = "hush";
    process.env.VERIFIER_TEST_WANTED = "wanted";
    const evidence = await verify({ command: "env", env: ["VERIFIER_TEST_WANTED", "VERIFIER_TEST_ABSENT"] });
    expect(evidence.output).toContain("wanted");
    expect(evidence.output).not.toContain("hush");
    delete process.env.VERIFIER_TEST_SECRET;
    delete process.env.VERIFIER_TEST_WANTED;
  });

  it("strips terminal escapes and keeps head and tail of a flood", async () => {
    const evidence = await verify({
      command: [
        "sh",
        "-c",
        `printf '\\033[31mred\\033[0m start\\n'; yes flood | head -c 3000000; echo end; exit 1`,
      ],
    });
    expect(evidence.output).toMatch(/^red start/);
    expect(evidence.output).toMatch(/end$/);
    expect(evidence.output!.length).toBeLessThanOrEqual(4_000);
  });

  it("runs in a folder of the tree", async () => {
    const evidence = await verify({ command: "cat here", cwd: "sub" }, { "sub/here": "in the folder" });
    expect(evidence.output).toContain("in the folder");
  });

  it("fails when the folder is gone or is a link out of the tree", async () => {
    expect((await verify({ command: "true", cwd: "sub" })).verdict).toBe("failed");
    const { symlinkSync } = await import("node:fs");
    symlinkSync("/", `${project.path}/sub`);
    expect((await verify({ command: "true", cwd: "sub" })).verdict).toBe("failed");
  });

  it("puts protected paths back before it runs", async () => {
    project.write({ "test/check.sh": "exit 1" });
    const evidence = await verify(
      { command: "sh test/check.sh", protect: ["test/**"] },
      { "test/check.sh": "exit 0" },
    );
    expect(evidence.verdict).toBe("failed");
  });

  it("reads metrics from what was printed, also when it failed", async () => {
    const metric = ({ stdout }: { stdout: string }) => ({ warnings: Number(stdout) });
    expect((await verify({ command: "echo 7; exit 1", metric })).metrics).toEqual({ warnings: 7 });
  });

  it.each([
    ["command.timeoutMs", { name: "x", command: "true", timeoutMs: 0 }],
    ["command.timeoutMs", { name: "x", command: "true", timeoutMs: Number.POSITIVE_INFINITY }],
    ["command.command", { name: "x", command: [] }],
    ["command.command", { name: "x", command: " " }],
    ["command.name", { name: "", command: "true" }],
    ["command.cwd", { name: "x", command: "true", cwd: "../elsewhere" }],
    ["command.cwd", { name: "x", command: "true", cwd: "/etc" }],
    ["command.env.0", { name: "x", command: "true", env: ["A=B"] }],
    ["command.expect", { name: "x", command: "true", expect: [] }],
    ["command.metric", { name: "x", command: "true", metric: 3 }],
    ["command", { name: "x", command: "true", tiemoutMs: 3 }],
    ["command", undefined],
  ])("refuses wrong options, naming %s", (field, options) => {
    try {
      command(options as unknown as CommandOptions);
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({ name: "LoopwrightError", code: "contract", field });
      expect((error as LoopwrightError).fix).not.toBe("");
    }
  });
});
