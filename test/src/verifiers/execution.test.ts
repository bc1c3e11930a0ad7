import { existsSync, symlinkSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ProcessResult } from "../../../src/ports/process.ts";
import { type CommandOptions, CommandOptions as Options } from "../../../src/verifiers/command.ts";
import { openContext } from "../../../src/verifiers/context.ts";
import { endingOf, execute, lineOf, type Started } from "../../../src/verifiers/execution.ts";
import { memoryOf, openProject, type Project, requestOf } from "../../helpers/verifying.ts";

const specOf = (more: Partial<CommandOptions> = {}) =>
  Options.parse({ name: "x", command: ["prog", "a"], timeoutMs: 9_000, ...more });

const execution = (result: Partial<ProcessResult>, treeAfter = "t"): Started => ({
  started: true,
  command: ["prog", "a"],
  path: "/checkout",
  cwd: "/checkout",
  result: {
    ended: "exited",
    exitCode: 0,
    signal: null,
    stdout: "",
    stderr: "",
    dropped: 0,
    durationMs: 1,
    sandboxed: false,
    ...result,
  },
  report: null,
  treeBefore: "t",
  treeAfter,
});

describe("endingOf", () => {
  it.each<[string, Started, string, string]>([
    ["aborted", execution({ ended: "aborted" }, "u"), "unverifiable", "aborted"],
    ["not found", execution({ ended: "notFound" }), "unverifiable", "notFound"],
    ["timed out", execution({ ended: "timedOut" }, "u"), "failed", "timeout"],
    ["killed", execution({ ended: "signalled", signal: "SIGKILL" }, "u"), "failed", "signal SIGKILL"],
    ["changing the tree", execution({}, "u"), "unverifiable", "treeChanged"],
    ["changing the tree and failing", execution({ exitCode: 1 }, "u"), "unverifiable", "treeChanged"],
  ])("judges a command that ended %s", (_how, ended, verdict, kind) => {
    expect(endingOf(ended, specOf())).toMatchObject({
      verdict,
      kind,
      summary: expect.stringContaining("prog"),
    });
  });

  it("leaves a plain exit to its exit code", () => {
    expect(endingOf(execution({}), specOf())).toBeNull();
    expect(endingOf(execution({ exitCode: 127 }), specOf())).toBeNull();
  });

  it.each([126, 127])("reads %i from a shell line as not found", (exitCode) => {
    expect(endingOf(execution({ exitCode }), specOf({ command: "prog a" }))).toMatchObject({
      kind: "notFound",
    });
  });
});

describe("lineOf", () => {
  it("writes a command as a person would", () => {
    expect(lineOf(["npm", "test"])).toBe("npm test");
    expect(lineOf("npm test | cat")).toBe("npm test | cat");
  });
});

let project: Project;
beforeEach(() => {
  project = openProject({ "a/b.txt": "b" });
});
afterEach(() => project.close());

const run = async (options: Partial<CommandOptions>, signal = new AbortController().signal) => {
  const tree = project.snapshot();
  const lent = {
    session: project.session(tree),
    processes: project.processes,
    remembered: memoryOf(new Map()),
  };
  const { context, close } = openContext({
    ...lent,
    verifier: "x",
    request: requestOf(tree, tree),
    signal,
    onOutput: () => {},
  });
  try {
    return await execute(specOf(options), context);
  } finally {
    await close();
  }
};

describe("execute", () => {
  it("runs in the checkout, or in a folder of it", async () => {
    const { cwd, path, result } = (await run({ command: ["pwd"], cwd: "a" })) as Started;
    expect(cwd).toBe(`${path}/a`);
    expect(result.stdout.trim()).toBe(cwd);
    expect(path).not.toBe(project.path);
  });

  it.each(["missing", "a/b.txt", "link"])("does not start in %s", async (cwd) => {
    symlinkSync("..", `${project.path}/link`);
    expect(await run({ command: ["pwd"], cwd })).toEqual({
      started: false,
      reason: expect.stringContaining(cwd),
    });
  });

  it("shuts a command into its checkout where the system has a sandbox, and says so where not", async () => {
    const command = ["sh", "-c", `touch ../inside; touch ${project.path}/outside; echo ended`] as [
      string,
      ...string[],
    ];
    const running = run({ command, cwd: "a", containment: "sandbox" });
    if ((await project.processes.sandbox()).available) {
      const { result, treeAfter, treeBefore } = (await running) as Started;
      expect(result.stdout).toContain("ended");
      expect(treeAfter).not.toBe(treeBefore);
    } else await expect(running).rejects.toThrow("sandbox");
    expect(existsSync(`${project.path}/outside`)).toBe(false);
  });

  it("hands on the signal", async () => {
    const { result } = (await run({ command: ["sleep", "600"] }, AbortSignal.timeout(500))) as Started;
    expect(result.ended).toBe("aborted");
  });
});
