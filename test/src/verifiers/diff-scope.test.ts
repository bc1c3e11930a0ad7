import { chmodSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { VerifyContext } from "../../../src/ports/verifier.ts";
import type { Change } from "../../../src/ports/workspace.ts";
import { type DiffScopeOptions, diffScope } from "../../../src/verifiers/diff-scope.ts";
import { verifierCases } from "../../conformance/verifier.cases.ts";
import { type Files, openProject, type Project, requestOf, verified } from "../../helpers/verifying.ts";

const base: Files = {
  "src/a.ts": "a\n".repeat(20),
  "src/b.ts": "b",
  "docs/x.md": "docs\n".repeat(20),
  "run.sh": "exit 0",
};

verifierCases("diffScope", {
  verifier: () => diffScope({ allow: ["src/**"] }),
  base,
  passing: { "src/new.ts": "n" },
  failing: { "docs/y.md": "y" },
  failingOtherwise: { "docs/z.md": "z" },
});

let project: Project;
beforeEach(() => {
  project = openProject(base);
});
afterEach(() => project.close());

const verify = (change: Files | (() => void), options: Partial<DiffScopeOptions> = {}) => {
  const from = project.snapshot();
  if (typeof change === "function") change();
  const tree = typeof change === "function" ? project.snapshot() : project.write(change);
  return verified({ project, verifier: diffScope({ allow: ["src/**"], ...options }), tree, base: from });
};
const at = (path: string): string => `${project.path}/${path}`;

describe("diffScope", () => {
  it("passes when nothing changed, and says so", async () => {
    expect(await verify({})).toMatchObject({
      verdict: "passed",
      summary: "0 files changed",
      metrics: { changedFiles: 0 },
    });
  });

  it("passes changes, additions and deletions within the globs", async () => {
    const evidence = await verify({ "src/a.ts": "changed", "src/.hidden/c.ts": "c", "src/b.ts": null });
    expect(evidence).toMatchObject({ verdict: "passed", metrics: { changedFiles: 3 } });
  });

  it.each<[string, string, () => void]>([
    ["a deletion outside", "docs/x.md is out of scope", () => project.write({ "docs/x.md": null })],
    [
      "a rename out of the scope",
      "docs/a.ts is out of scope",
      () => renameSync(at("src/a.ts"), at("docs/a.ts")),
    ],
    [
      "a rename into the scope",
      "docs/x.md is out of scope",
      () => renameSync(at("docs/x.md"), at("src/x.md")),
    ],
    ["a file made executable", "executable", () => chmodSync(at("src/a.ts"), 0o755)],
    ["a new executable file", "executable", () => writeFileSync(at("src/n.sh"), "", { mode: 0o755 })],
    ["a symbolic link", "symbolic link", () => symlinkSync("a.ts", at("src/link.ts"))],
    [
      "a file replaced by a link",
      "symbolic link",
      () => {
        project.write({ "src/b.ts": null });
        symlinkSync("a.ts", at("src/b.ts"));
      },
    ],
    ["a twin of a file in other case", "only by case", () => project.write({ "src/A.ts": "twin" })],
    ["a twin of a folder in other case", "only by case", () => project.write({ "SRC/c.ts": "twin" })],
    [
      "two new files that differ by case",
      "only by case",
      () => project.write({ "src/new.ts": "1", "src/New.ts": "2" }),
    ],
    [
      "two forms of one name",
      "only by case",
      () => project.write({ "src/\u00e9.ts": "1", "src/e\u0301.ts": "2" }),
    ],
    ["a name with a dot at its end", "ends with a dot", () => project.write({ "src/a.ts.": "twin" })],
    ["a name with a backslash", "backslash", () => project.write({ "src/..\\x.ts": "x" })],
  ])("refuses %s", async (_what, offence, change) => {
    const evidence = await verify(change);
    expect(evidence.verdict).toBe("failed");
    expect(evidence.output).toContain(offence);
  });

  const change = (of: Partial<Change>): Change => ({
    kind: "added",
    path: "src/x",
    oldMode: null,
    newMode: "100644",
    ...of,
  });
  // What git itself would not write as a tree here.
  it.each<[string, Change, string]>([
    ["a submodule", change({ newMode: "160000" }), "submodule"],
    ["a removed submodule", change({ kind: "deleted", oldMode: "160000", newMode: null }), "submodule"],
    ["a .git folder", change({ path: "src/.git/hooks/pre-commit" }), ".git folder"],
    ["a .GIT folder", change({ path: "src/.GIT/config" }), ".git folder"],
    ["git's short name", change({ path: "src/GIT~1/config" }), ".git folder"],
    ["a stream of a .git folder", change({ path: "src/.git::$INDEX_ALLOCATION/x" }), ".git folder"],
    ["a .git folder with an invisible character", change({ path: "src/.g\u200cit/config" }), ".git folder"],
    ["a path upwards", change({ path: "src/../docs/x" }), "not a plain path"],
    ["an absolute path", change({ path: "/src/x" }), "not a plain path"],
    ["a rename of case only", change({ kind: "renamed", from: "src/X", path: "src/x" }), "only by case"],
  ])("refuses %s whatever the globs say", async (_what, bad, offence) => {
    const context = { changes: async () => [bad], checkout: async () => ({ path: project.path }) };
    const evidence = await diffScope({ allow: ["**"], symlinks: true, executables: true }).verify(
      requestOf("t", "b"),
      context as unknown as VerifyContext,
    );
    expect(evidence.verdict).toBe("failed");
    expect(evidence.output).toContain(offence);
  });

  it.each<[string, string]>([
    ["to an absolute path", "/etc/passwd"],
    ["upwards", "../../outside"],
    ["into .git", "../.git/config"],
    ["through a link that was there", "vendor/passwd"],
  ])("refuses a link that leads out of the tree %s, even where links are allowed", async (_how, target) => {
    symlinkSync("/etc", at("src/vendor"));
    const evidence = await verify(() => symlinkSync(target, at("src/link")), { symlinks: true });
    expect(evidence.verdict).toBe("failed");
    expect(evidence.output).toContain("src/link is a link that leads out of the tree");
  });

  it("allows links within the tree and executables when told so", async () => {
    const evidence = await verify(
      () => {
        symlinkSync("../docs/x.md", at("src/link"));
        symlinkSync("nowhere", at("src/dangling"));
        chmodSync(at("src/a.ts"), 0o755);
      },
      { symlinks: true, executables: true },
    );
    expect(evidence.verdict).toBe("passed");
  });

  it("denies in whatever case", async () => {
    const evidence = await verify({ "src/Secret/key.ts": "k" }, { deny: ["src/secret/**"] });
    expect(evidence.output).toContain("src/Secret/key.ts may not be changed");
  });

  it("takes the case of what is allowed at its word", async () => {
    expect((await verify({ "lib/a.ts": "x" }, { allow: ["LIB/**"] })).verdict).toBe("failed");
  });

  it("bounds the number of files and their bytes", async () => {
    expect((await verify({ "src/1": "1", "src/2": "2" }, { maxFiles: 1 })).output).toContain(
      "more than 1 files",
    );
    expect((await verify({ "src/3": "x".repeat(11) }, { maxBytes: 10 })).output).toContain(
      "more than 10 bytes",
    );
    expect((await verify({ "src/4": "x".repeat(10) }, { maxBytes: 10, maxFiles: 1 })).verdict).toBe("passed");
  });

  it.each([
    ["diffScope.allow", { allow: [] }],
    ["diffScope.allow.0", { allow: ["!src/**"] }],
    ["diffScope.allow.0", { allow: ["src/"] }],
    ["diffScope.allow.0", { allow: ["../x"] }],
    ["diffScope.deny.0", { allow: ["**"], deny: [""] }],
    ["diffScope.maxFiles", { allow: ["**"], maxFiles: 0 }],
  ])("refuses wrong options, naming %s", (field, options) => {
    expect(() => diffScope(options)).toThrow(field);
  });
});
