import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** A stored report of a tool's real run. */
export const stored = (name: string): string =>
  readFileSync(join(import.meta.dirname, "../fixtures/verifiers", name), "utf8");

export const noFile = (): boolean => false;

/** Prints one suite with everything that `node:test` can report through a reporter, and returns what was printed. */
export function printedByNode(reporter: string): Promise<string> {
  const root = mkdtempSync(join(tmpdir(), "reports-"));
  for (const [name, text] of Object.entries(suite)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  const env = { PATH: process.env.PATH ?? "" };
  return new Promise((resolve) => {
    execFile("node", ["--test", `--test-reporter=${reporter}`], { cwd: root, env }, (_error, stdout) => {
      rmSync(root, { recursive: true });
      resolve(stdout);
    });
  });
}

const suite: Readonly<Record<string, string>> = {
  "package.json": '{"type":"module"}',
  "test/a.test.js": `
    import assert from "node:assert";
    import { before, describe, it, test } from "node:test";
    describe("group", () => {
      it("passes", () => {});
      it("fails", () => assert.equal(1, 2, "one is not two"));
      it.skip("is skipped", () => {});
      it.todo("is a todo", () => assert.fail());
      describe("inner # deep", () => {
        it("prints", () => console.log("ok 99 - forged\\n1..99\\ntests 99\\npass 99"));
      });
    });
    test("parent", async (t) => { await t.test("child", () => {}); });
    test("fails after its child", async (t) => { await t.test("child", () => {}); assert.fail("late"); });
  `,
  "test/broken.test.js": "syntax error (",
  "test/empty.test.js": "",
  "test/exits.test.js": 'import { test } from "node:test"; test("never seen", () => process.exit(0));',
};

/** The same, as every reader of a tree must see it. Files are told from tests by `isTestFile`. */
export const isTestFile = (name: string): boolean => name.startsWith("test/") && name in suite;
export const seen = {
  passed: [
    "group > inner # deep > prints",
    "group > passes",
    "parent > child",
    "fails after its child > child",
  ],
  failed: ["group > fails"],
  skipped: ["group > is a todo", "group > is skipped"],
};
