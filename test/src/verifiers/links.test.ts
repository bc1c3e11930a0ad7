import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { leadsOut } from "../../../src/verifiers/links.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "links-"));
  mkdirSync(join(root, "a/b"), { recursive: true });
  writeFileSync(join(root, "file"), "");
  symlinkSync("/etc", join(root, "out"));
});
afterEach(() => rmSync(root, { recursive: true }));

describe("leadsOut", () => {
  it.each([
    ["../../file", false],
    ["..", false],
    ["../..", false],
    ["nowhere", false],
    ["../../../x", true],
    ["/etc/passwd", true],
    ["../../out/passwd", true],
    ["../../.git/config", true],
  ])("of a/b/link to %s is %s", async (target, expected) => {
    symlinkSync(target, join(root, "a/b/link"));
    expect(await leadsOut(root, "a/b/link")).toBe(expected);
  });

  it("finds nothing wrong with a file", async () => {
    expect(await leadsOut(root, "file")).toBe(false);
  });
});
