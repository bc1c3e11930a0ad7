import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openContext } from "../../../src/verifiers/context.ts";
import { countBase, countTests } from "../../../src/verifiers/counting.ts";
import { TestsOptions as Options, type TestsOptions } from "../../../src/verifiers/tests.ts";
import { memoryOf, openProject, type Project, requestOf } from "../../helpers/verifying.ts";

let project: Project;
beforeEach(() => {
  project = openProject({ "report.txt": "1..2\nok 1 - a\nnot ok 2 - b # SKIP\n" });
});
afterEach(() => project.close());

const open = () => {
  const base = project.snapshot();
  const request = requestOf(project.write({ "report.txt": "1..1\nok 1 - report.txt\n" }), base);
  const { context, close } = openContext({
    session: project.session(base),
    processes: project.processes,
    remembered: memoryOf(project.remembered),
    verifier: "tests",
    request,
    signal: new AbortController().signal,
    onOutput: () => {},
  });
  return { context, close, request };
};
const specOf = (more: Partial<TestsOptions> = {}) =>
  Options.parse({ command: ["cat", "report.txt"], ...more });

describe("countTests", () => {
  it("takes a point named as a file of the checkout for that file", async () => {
    const { context, close } = open();
    expect((await countTests(specOf(), context)).cases).toEqual([]);
    await close();
  });

  it("has no cases where nothing can be read", async () => {
    const { context, close } = open();
    expect((await countTests(specOf({ format: "vitest" }), context)).cases).toBeNull();
    expect((await countTests(specOf({ cwd: "missing" }), context)).cases).toBeNull();
    await close();
  });

  it("frees names and messages of escapes and of the checkout's path", async () => {
    const { context, close } = open();
    const command = `printf "1..1\\nnot ok 1 - $PWD/a\\n  ---\\n  error: 'at \\\\033[31m$PWD/b'\\n  ...\\n"`;
    const { cases } = await countTests(specOf({ command }), context);
    await close();
    expect(cases).toMatchObject([{ name: "./a", message: "at ./b" }]);
  });
});

describe("countBase", () => {
  it("counts what ran on the base, once", async () => {
    const { context, close, request } = open();
    expect(await countBase(specOf(), request, context)).toEqual({ run: 1, total: 2 });
    expect(await countBase(specOf(), request, context)).toEqual({ run: 1, total: 2 });
    expect(project.remembered.size).toBe(1);
    await close();
  });

  it("counts anew for another command", async () => {
    const { context, close, request } = open();
    await countBase(specOf(), request, context);
    expect(await countBase(specOf({ command: "true" }), request, context)).toBeNull();
    expect(project.remembered.size).toBe(2);
    await close();
  });

  it.each([
    ["without a base", null, {}],
    ["when the base does not end", undefined, { command: "cat report.txt; sleep 600", timeoutMs: 500 }],
    ["when the base has no such command", undefined, { command: ["no-such-program"] as [string] }],
  ])("is null %s", async (_when, base, options) => {
    const { context, close, request } = open();
    expect(
      await countBase(specOf(options), base === null ? { ...request, base } : request, context),
    ).toBeNull();
    await close();
  });
});
