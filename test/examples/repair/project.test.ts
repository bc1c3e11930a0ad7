import { rm } from "node:fs/promises";
import { afterEach, describe, expect, it } from "vitest";
import { type Change, copyProject, runSuite } from "./play-loop.ts";
import { cooperating, solution } from "./solution.ts";

const made: string[] = [];
afterEach(() =>
  Promise.all(made.splice(0).map((directory) => rm(directory, { recursive: true, force: true }))),
);

async function failingWith(changes: readonly Change[]): Promise<number | null> {
  const directory = await copyProject(changes);
  made.push(directory);
  return (await runSuite(directory)).failing;
}

describe("the example's project", () => {
  it("starts red", async () => {
    expect(await failingWith([])).toBe(15);
  });

  it("is green when every defect is mended", async () => {
    expect(await failingWith([...solution, ...cooperating.flat()])).toBe(0);
  });

  it("has a test more that passes for each single fix", async () => {
    for (const change of solution) expect(await failingWith([change]), change.file).toBeLessThan(15);
  });

  it("holds two defects that no half of the fix makes any better", async () => {
    for (const [first, second] of cooperating) {
      expect(await failingWith([first])).toBe(15);
      expect(await failingWith([second])).toBe(15);
      expect(await failingWith([first, second])).toBeLessThan(15);
    }
  });
});
