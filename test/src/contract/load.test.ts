import { realpathSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadContract } from "../../../src/contract/index.ts";
import { writeFiles } from "../../helpers/repository.ts";
import { runSource } from "../../helpers/run.ts";
import { tempDirectory } from "../../helpers/temp.ts";

// Contract files are loaded in a process of their own, as the command line does it: the test runner's imports are not Node's.

const root = join(import.meta.dirname, "../../..");
const [contract, helper] = [join(root, "src/contract/index.ts"), join(root, "test/helpers/contract.ts")];
const head = `import { defineLoop } from ${JSON.stringify(contract)};\nimport { answers } from ${JSON.stringify(helper)};\n`;
const named = (name: string) => `defineLoop({ ...answers, name: ${JSON.stringify(name)} })`;

const load = `import { loadContract } from ${JSON.stringify(contract)};
for (const file of process.argv.slice(2)) {
  const { name, code, field, message, fix } = await loadContract(file).catch((error) => error);
  console.log(JSON.stringify({ name, code, field, message, fix }));
}`;

type Answer = { name: string; code?: string; field?: string; message?: string; fix?: string };

async function loaded(files: Record<string, string>): Promise<{ folder: string; answers: Answer[] }> {
  const folder = realpathSync(tempDirectory("load"));
  writeFiles(folder, { ...files, "load.ts": load });
  const { stdout, stderr } = await runSource(join(folder, "load.ts"), Object.keys(files), { cwd: folder });
  const lines = stdout.trim().split("\n");
  if (lines.length !== Object.keys(files).length) throw new Error(stderr);
  return { folder, answers: lines.map((line) => JSON.parse(line) as Answer) };
}

describe("loadContract", () => {
  it("finds the loop: the default export, the only one, one under two names, or one of CommonJS", async () => {
    const { answers } = await loaded({
      "default.ts": `${head}export const other = ${named("other")};\nexport default ${named("default")};`,
      "only.ts": `${head}export const text = "x";\nexport default 3;\nexport const loop = ${named("only")};`,
      "twice.ts": `${head}const loop = ${named("twice")};\nexport { loop, loop as same };`,
      "common.cjs": `const { defineLoop } = require(${JSON.stringify(contract)});
        const { answers } = require(${JSON.stringify(helper)});\nmodule.exports = ${named("common")};`,
      "later.mjs": `${head}await null;\nexport default ${named("later")};`,
    });
    expect(answers.map(({ name }) => name)).toEqual(["default", "only", "twice", "common", "later"]);
  });

  it("refuses a file without a loop, or with several, and shows how it ends", async () => {
    const { folder, answers } = await loaded({
      "none.ts": "export const loop = { name: 'not made by defineLoop' };",
      "empty.ts": "",
      "promise.ts": `${head}export default Promise.resolve(${named("promise")});`,
      "several.ts": `${head}export const [a, b] = [${named("a")}, ${named("b")}];`,
    });
    const at = (name: string) => join(folder, name);
    expect(answers.map(({ message }) => message)).toEqual([
      `${at("none.ts")} exports no loop`,
      `${at("empty.ts")} exports no loop`,
      `${at("promise.ts")} exports no loop`,
      `${at("several.ts")} exports 2 loops and no default`,
    ]);
    for (const answer of answers) {
      expect(answer).toMatchObject({
        code: "contract",
        fix: expect.stringContaining("export default defineLoop"),
      });
    }
    expect(answers.map(({ field }) => field)).toEqual(["none.ts", "empty.ts", "promise.ts", "several.ts"]);
  });

  it("says what a file threw, whatever that was, and hands on what defineLoop said", async () => {
    const { folder, answers } = await loaded({
      "throws.ts": 'throw new Error("no token in the environment");',
      "nothing.ts": "throw undefined;",
      "strange.ts": "throw Object.create(null);",
      "syntax.ts": "export default {;",
      "erasable.ts": "enum Colour { Red }\nexport default Colour;",
      "missing.ts": 'import "./not-there.ts";',
      "package.ts": 'import "a-package-that-nobody-has";',
      "wrong.ts": `${head}export default defineLoop({ ...answers, retry: undefined });`,
    });
    const wrong = answers.pop();
    expect(wrong).toMatchObject({ field: "retry", message: 'contract "loop": retry: is missing' });
    const reasons = [
      "no token in the environment",
      "undefined",
      "something was thrown that has no text",
      "Unexpected token",
      "enum",
      "not-there.ts",
      "a-package-that-nobody-has",
    ];
    for (const [index, reason] of reasons.entries()) {
      expect(answers[index]).toMatchObject({ name: "LoopwrightError", code: "contract" });
      expect(answers[index]!.message).toContain("the contract file threw while it was loaded: ");
      expect(answers[index]!.message).toContain(reason);
      expect(answers[index]!.fix).toContain("correct the file");
    }
    expect(answers[0]!.field).toBe(join(folder, "throws.ts"));
  });

  it("refuses a path without a file, and says how to get one", async () => {
    const folder = tempDirectory("load");
    symlinkSync("nowhere.ts", join(folder, "dangling.ts"));
    for (const path of [join(folder, "missing.ts"), folder, join(folder, "dangling.ts"), "", "\0"]) {
      await expect(loadContract(path)).rejects.toMatchObject({
        code: "contract",
        field: path,
        message: expect.stringContaining("there is no contract file"),
        fix: expect.stringContaining("loopwright init"),
      });
    }
  });
});
