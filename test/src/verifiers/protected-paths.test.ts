import { renameSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type ProtectedPathsOptions, protectedPaths } from "../../../src/verifiers/protected-paths.ts";
import { verifierCases } from "../../conformance/verifier.cases.ts";
import { type Files, openProject, type Project, verified } from "../../helpers/verifying.ts";

const packageJson = (scripts: object, more: object = {}): string =>
  JSON.stringify({ name: "x", ...more, scripts });
const base: Files = {
  "src/a.ts": "a\n".repeat(20),
  "test/a.test.ts": "test\n".repeat(20),
  "package.json": packageJson({ test: "node --test" }),
};

verifierCases("protectedPaths", {
  verifier: () => protectedPaths(),
  base,
  passing: { "src/a.ts": "better" },
  failing: { "test/a.test.ts": "" },
  failingOtherwise: { "package.json": packageJson({ test: "true" }) },
});

let project: Project;
beforeEach(() => {
  project = openProject(base);
});
afterEach(() => project.close());

const verify = (change: Files | (() => void), options: ProtectedPathsOptions = {}) => {
  const from = project.snapshot();
  if (typeof change === "function") change();
  const tree = typeof change === "function" ? project.snapshot() : project.write(change);
  return verified({ project, verifier: protectedPaths(options), tree, base: from });
};

describe("protectedPaths", () => {
  it.each<[string, Files]>([
    ["test/a.test.ts", { "test/a.test.ts": null }],
    ["test/b.ts", { "test/b.ts": "added" }],
    ["src/deep/a.spec.js", { "src/deep/a.spec.js": "added" }],
    ["Test/a.test.ts", { "Test/a.test.ts": "in other case" }],
    [".github/workflows/ci.yml", { ".github/workflows/ci.yml": "on: push" }],
    ["vitest.config.ts", { "vitest.config.ts": "export default {}" }],
    [".npmrc", { ".npmrc": "script-shell=/bin/true" }],
  ])("names %s when it is touched", async (path, change) => {
    const evidence = await verify(change);
    expect(evidence.verdict).toBe("failed");
    expect(evidence.output).toContain(`${path} is protected`);
  });

  it.each([
    ["out", "test/a.test.ts", "src/a.txt"],
    ["in", "src/a.ts", "test/helper.ts"],
  ])("sees a rename %s", async (_way, from, to) => {
    const evidence = await verify(() => renameSync(`${project.path}/${from}`, `${project.path}/${to}`));
    expect(evidence.verdict).toBe("failed");
  });

  it.each<[string, string | null]>([
    ["a changed script", packageJson({ test: "true" })],
    ["a script before the tests", packageJson({ test: "node --test", pretest: "exit 0" })],
    ["a removed script", packageJson({})],
    ["no scripts", '{"name":"x"}'],
    ["what is no JSON", "{"],
    ["null", "null"],
    ["no package.json", null],
  ])("fails on %s", async (_what, text) => {
    const evidence = await verify({ "package.json": text });
    expect(evidence.verdict).toBe("failed");
    expect(evidence.output).toBe("the scripts of package.json were changed");
  });

  it("leaves the rest of package.json, and a new one, to the agent", async () => {
    const evidence = await verify({
      "package.json": packageJson({ test: "node --test" }, { version: "2.0.0" }),
      "packages/new/package.json": packageJson({ test: "true" }),
    });
    expect(evidence.verdict).toBe("passed");
  });

  it("protects only what it is told to", async () => {
    const options = { paths: ["only/**"], packageScripts: false };
    const evidence = await verify({ "test/a.test.ts": "", "package.json": packageJson({}) }, options);
    expect(evidence.verdict).toBe("passed");
    expect((await verify({ "only/x": "x" }, options)).verdict).toBe("failed");
  });

  it("refuses wrong options, naming the field", () => {
    expect(() => protectedPaths({ paths: [] })).toThrow("protectedPaths.paths");
    expect(() => protectedPaths({ paths: ["test/"] })).toThrow("protectedPaths.paths.0");
  });
});
