import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { exitCodes } from "../../src/cli/exit-codes.ts";
import { openPlace, patternOf, stepsOf } from "../cli/transcript.ts";
import { runSource } from "../helpers/run.ts";
import { tempDirectory } from "../helpers/temp.ts";
import { blocksOf, readme, tableAfter } from "./readme.ts";

// What the README shows is what is there: files it quotes are quoted whole, programs run and print what it says.

const text = readme();
const blocks = blocksOf(text);
const quoted = blocks.filter(({ mark }) => mark?.startsWith("file: "));
const programs = blocks.flatMap((block, i) =>
  block.mark === "run" ? [{ block, output: blocks[i + 1] }] : [],
);

describe("the README", () => {
  it.each(quoted)("quotes a file as it is ($mark)", ({ mark, text: quote }) => {
    expect(quote).toBe(readFileSync(mark!.slice("file: ".length), "utf8"));
  });

  it.each(programs)("shows a program that prints what it says", async ({ block, output }) => {
    // Inside the repository, so that the package is found by its own name.
    const directory = mkdtempSync(join("test", ".readme-"));
    onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
    const file = join(directory, "program.ts");
    writeFileSync(file, block.text);
    const ran = await runSource(file, [], { env: { XDG_STATE_HOME: tempDirectory("state") } });
    expect(ran).toEqual({ code: 0, stdout: output!.text, stderr: "" });
  });

  it("shows commands that print what it says", { timeout: 900_000 }, () => {
    const place = openPlace();
    onTestFinished(place.close);
    place.link("examples");
    const steps = stepsOf(text);
    expect(steps.length).toBeGreaterThan(1);
    for (const { command, expected } of steps) {
      const actual = place.run(command);
      if (!patternOf(`${expected}\n[exit …]`).test(`${actual}\n`)) expect(actual).toBe(expected);
    }
  });

  it("leaves no TypeScript unexecuted", () => {
    const loose = blocks.filter(({ language, mark }) => language === "ts" && mark === null);
    expect(loose).toEqual([]);
    expect(programs.length).toBeGreaterThan(0);
    expect(quoted.length).toBeGreaterThan(0);
  });

  it("lists every exit code with its meaning", () => {
    const rows = Object.values(exitCodes).map(({ code, meaning }) => [String(code), meaning]);
    expect(tableAfter(text, "table: exit codes")).toEqual(rows);
  });

  it("names scripts of package.json and files that exist", () => {
    const { scripts } = JSON.parse(readFileSync("package.json", "utf8")) as {
      scripts: Record<string, string>;
    };
    for (const [, script] of text.matchAll(/`npm run ([\w:]+)/g))
      expect(Object.keys(scripts)).toContain(script);
    for (const [, path] of text.matchAll(/\]\((?!https?:)([^)#]+)\)/g))
      expect(existsSync(path!), path).toBe(true);
  });
});
