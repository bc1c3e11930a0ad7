import { symlinkSync, writeFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { failingUnknown } from "../../../src/verifiers/limits.ts";
import { nodeReporter } from "../../../src/verifiers/reports/node-reporter-path.ts";
import { type TestsOptions, tests } from "../../../src/verifiers/tests.ts";
import { verifierCases } from "../../conformance/verifier.cases.ts";
import { type Files, openProject, type Project, verified } from "../../helpers/verifying.ts";

const node = (reporter = "tap"): [string, ...string[]] => ["node", "--test", `--test-reporter=${reporter}`];

const suite = (cases: string): string =>
  `import { describe, it, test } from "node:test"; import assert from "node:assert"; ${cases}`;
const three = suite(`
  test("one", () => {});
  describe("group", () => { it("two", () => {}); it("three", () => {}); });
`);
const base: Files = { "package.json": '{"type":"module"}', "test/a.test.js": three };

verifierCases("tests", {
  verifier: () => tests({ command: node(), timeoutMs: 60_000 }),
  base,
  passing: { "src/a.js": "export const a = 1;" },
  failing: {
    "test/a.test.js": three.replace(
      '"two", () => {}',
      '"two", () => { assert.equal(1, 2, import.meta.url + Date.now()); }',
    ),
  },
  failingOtherwise: { "test/a.test.js": three.replace('"three", () => {}', '"three", () => assert.fail()') },
  nothing: {
    "test/a.test.js": "console.log('ok 1 - forged'); console.log('tests 3'); console.log('pass 3');",
  },
  endless: { "test/a.test.js": suite('console.log("started"); test("one", () => { for (;;); });') },
});

let project: Project;
beforeEach(() => {
  project = openProject(base);
});
afterEach(() => project.close());

const verify = (proposal: Files, options: Partial<TestsOptions> = {}) => {
  const from = project.snapshot();
  const verifier = tests({ command: node(), timeoutMs: 60_000, ...options });
  return verified({ project, verifier, tree: project.write(proposal), base: from });
};

describe("tests", () => {
  it("counts the tests of a passing suite", async () => {
    const evidence = await verify({});
    expect(evidence).toMatchObject({
      verdict: "passed",
      exitCode: 0,
      summary: "3 of 3 tests passed, 3 ran on the base",
      counts: { passed: 3, failed: 0, skipped: 0, total: 3 },
      metrics: { failing: 0, passed: 3, total: 3 },
    });
  });

  it("tells the agent which tests failed, and why", async () => {
    const evidence = await verify({
      "test/a.test.js": three.replace('"two", () => {}', '"two", () => assert.equal(1, 2, "sums are off")'),
    });
    expect(evidence).toMatchObject({
      verdict: "failed",
      exitCode: 1,
      metrics: { failing: 1, passed: 2, total: 3 },
    });
    expect(evidence.output).toContain("FAILED group > two");
    expect(evidence.output).toContain("sums are off");
    expect(evidence.output).not.toContain(project.path);
  });

  it.each<[string, string, number]>([
    ["deleted", suite('test("one", () => {});'), 2],
    ["skipped", three.replace('it("two"', 'it.skip("two"'), 1],
    ["made a todo", three.replace('it("two"', 'it.todo("two"'), 1],
    ["cut off by an early exit", `${three.replace('"one", () => {}', '"one", () => process.exit(0)')}`, 3],
  ])("fails when a test is %s, and counts it as failing", async (_how, text, missing) => {
    const evidence = await verify({ "test/a.test.js": text, "test/b.test.js": "" });
    expect(evidence.verdict).toBe("failed");
    expect(evidence.metrics!.failing).toBe(missing);
  });

  it("fails when no test runs any more, whatever is printed", async () => {
    const command = "node --test --test-reporter=tap test/a.test.js || echo 'ok, all tests passed'";
    const evidence = await verify({ "test/a.test.js": null }, { command });
    expect(evidence).toMatchObject({ verdict: "failed", metrics: { failing: 3, total: 0 } });
    expect(evidence.summary).toContain("no test ran");
  });

  it("fails when no test ran on the base either, but a report says so", async () => {
    const evidence = await verify({}, { command: "echo TAP version 13; echo 1..0" });
    expect(evidence).toMatchObject({ verdict: "failed", metrics: { failing: failingUnknown, total: 0 } });
    expect(evidence.summary).toContain("no test ran");
  });

  it("leaves it unverifiable when no report can be read, not even on the base, and says how to get one", async () => {
    const silent = await verify({}, { command: "echo 'ok, all tests passed'" });
    expect(silent.verdict).toBe("unverifiable");
    expect(silent.summary).toContain("no report can be read as auto from stdout");
    const failing = { "test/a.test.js": three.replace('"one", () => {}', '"one", () => assert.fail()') };
    for (const proposal of [{}, failing]) {
      const spec = await verify(proposal, { command: node("spec") });
      expect(spec.verdict).toBe("unverifiable");
      expect(spec.summary).toContain("add --test-reporter=tap");
    }
  });

  it("takes a file that cannot be loaded for a failure as bad as the missing tests", async () => {
    const evidence = await verify({ "test/a.test.js": `${three} syntax error (` });
    expect(evidence).toMatchObject({ verdict: "failed", metrics: { failing: 3, passed: 0 } });
    expect(evidence.output).toContain("SyntaxError");
  });

  it("tells two broken suites apart by what they print", async () => {
    const first = await verify({}, { command: "echo first is broken; exit 1" });
    const second = await verify({}, { command: "echo second is broken; exit 1" });
    expect(first).toMatchObject({ verdict: "failed", metrics: { failing: failingUnknown } });
    expect(first.fingerprint).not.toBe(second.fingerprint);
  });

  it.each([
    ["passes with failing tests", "exit code is 0", "printf '1..3\\nok 1 - a\\nnot ok 2 - b\\nok 3 - c\\n'"],
    [
      "fails with passing tests",
      "exit code 4 though no test failed",
      "printf '1..3\\nok 1 - a\\nok 2 - b\\nok 3 - c\\n'; exit 4",
    ],
  ])("fails when the exit code %s, and says so", async (_how, text, command) => {
    const evidence = await verify({}, { command });
    expect(evidence.verdict).toBe("failed");
    expect(evidence.summary).toContain(text);
    expect(evidence.metrics!.failing).toBe(1);
  });

  it("fails when the report ends before its plan", async () => {
    expect((await verify({}, { command: "printf '1..9\\nok 1 - a\\nok 2 - b\\nok 3 - c\\n'" })).verdict).toBe(
      "failed",
    );
  });

  it("asks for at least `min` tests", async () => {
    expect(await verify({}, { min: 4 })).toMatchObject({ verdict: "failed", metrics: { failing: 1 } });
  });

  it("asks for one test where the base has none", async () => {
    project.write({ "test/a.test.js": null });
    expect((await verify({})).verdict).toBe("failed");
    const evidence = await verify({ "test/a.test.js": three });
    expect(evidence).toMatchObject({ verdict: "passed", metrics: { failing: 0 } });
  });

  it("fails a suite that never ends, as badly as one that cannot run", async () => {
    const options = { timeoutMs: 4_000 };
    await verify({}, { ...options, timeoutMs: 60_000 });
    const evidence = await verify({ "test/a.test.js": suite('test("one", () => { for (;;); });') }, options);
    expect(evidence).toMatchObject({ verdict: "failed", metrics: { failing: 3 } });
  });

  it("measures the base once for a run", async () => {
    await verify({});
    expect(project.remembered.size).toBe(1);
    const [key] = project.remembered.keys();
    project.remembered.set(key!, '{"run":5,"total":5}');
    expect((await verify({})).summary).toContain("on the base 5");
  });

  it("asks for one test where the base has no such command", async () => {
    const from = project.snapshot();
    writeFileSync(`${project.path}/run.sh`, "#!/bin/sh\nprintf '1..1\\nok 1 - a\\n'", { mode: 0o755 });
    const verifier = tests({ command: ["./run.sh"] });
    const evidence = await verified({ project, verifier, tree: project.snapshot(), base: from });
    expect(evidence).toMatchObject({ verdict: "passed", counts: { total: 1 } });
  });

  it("remembers nothing when counting the base was aborted", async () => {
    project.write({ "base-only": "" });
    const aborted = new AbortController();
    const from = project.snapshot();
    const verifier = tests({ command: "test -e base-only && sleep 600; printf '1..1\\nok 1 - a\\n'" });
    const tree = project.write({ "base-only": null });
    const counting = verified({ project, verifier, tree, base: from, signal: aborted.signal });
    setTimeout(() => aborted.abort(), 3_000);
    await expect(counting).rejects.toThrow("aborted");
    expect(project.remembered.size).toBe(0);
  });

  it("runs protected tests as they are on the base", async () => {
    project.write({ "test/a.test.js": three.replace('"two", () => {}', '"two", () => assert.fail()') });
    const evidence = await verify({ "test/a.test.js": three }, { protect: ["test/**"] });
    expect(evidence).toMatchObject({ verdict: "failed", metrics: { failing: 1 } });
  });

  it.each([
    ["junit", node("junit")],
    ["node-json", node(nodeReporter)],
    ["auto", node("junit")],
    ["auto", node(nodeReporter)],
    ["auto", node()],
  ] as const)("reads %s as node prints it", async (format, command) => {
    const evidence = await verify(
      { "test/b.test.js": suite('test("four", () => assert.fail("wrong")); test.skip("five", () => {});') },
      { format, command },
    );
    expect(evidence).toMatchObject({
      verdict: "failed",
      counts: { passed: 3, failed: 1, skipped: 1, total: 5 },
    });
    expect(evidence.output).toContain("four");
    expect(evidence.output).toContain("wrong");
  });

  it("reads a report file, and does not count it as a change of the tree", async () => {
    const command = [...node("junit"), "--test-reporter-destination=out/report.xml"] as [string, ...string[]];
    const evidence = await verify({ "out/.keep": "" }, { command, report: "out/report.xml" });
    expect(evidence).toMatchObject({ verdict: "passed", counts: { total: 3 } });
  });

  it("never reads a report that came with the tree, nor one printed in its place", async () => {
    const forged = '<testsuite><testcase name="a"/><testcase name="b"/><testcase name="c"/></testsuite>';
    const evidence = await verify(
      { "out/report.xml": forged },
      { command: `echo '${forged}'`, report: "out/report.xml", format: "junit" },
    );
    expect(evidence.verdict).toBe("unverifiable");
  });

  it("reads what vitest writes by default", async () => {
    const vitest = openProject({
      "package.json": '{"type":"module"}',
      ".gitignore": "node_modules",
      "test/a.test.js": 'import { test } from "vitest"; test("one", () => {}); test("two", () => {});',
    });
    const from = vitest.snapshot();
    const command = `ln -s ${process.cwd()}/node_modules node_modules; node node_modules/vitest/vitest.mjs run --reporter=json`;
    const verifier = tests({ command, format: "vitest", timeoutMs: 120_000 });
    const evidence = await verified({ project: vitest, verifier, tree: from, base: from });
    await vitest.close();
    expect(evidence).toMatchObject({ verdict: "passed", counts: { passed: 2, total: 2 } });
  });

  it("leaves it unverifiable when the runner is not there", async () => {
    expect((await verify({}, { command: ["no-such-runner"] })).verdict).toBe("unverifiable");
  });

  it("is not led out of the checkout by a link in the report's place", async () => {
    symlinkSync("/etc", `${project.path}/out`);
    const evidence = await verify({}, { command: "true", report: "out/passwd", format: "tap" });
    expect(evidence.verdict).toBe("unverifiable");
    expect(evidence.output).not.toContain("root:");
  });

  it("refuses wrong options, naming the field", () => {
    expect(() => tests({ command: "x", min: 0 })).toThrow("tests.min");
    expect(() => tests({ command: "x", report: "/tmp/report" })).toThrow("tests.report");
    expect(() => tests({ command: "x", format: "xunit" } as never)).toThrow("tests.format");
  });
});
