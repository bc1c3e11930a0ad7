import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Change } from "../../../src/ports/workspace.ts";
import { collisionsAmong, collisionsIn } from "../../../src/verifiers/collisions.ts";

const added = (path: string): Change => ({ kind: "added", path, oldMode: null, newMode: "100644" });
let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "collisions-"));
});
afterEach(() => rmSync(root, { recursive: true }));

describe("collisionsAmong", () => {
  it("finds paths and folders that differ only by case or form", () => {
    expect(collisionsAmong([added("a/x"), added("a/X")])).toEqual([{ path: "a/X", other: "a/x" }]);
    expect(collisionsAmong([added("a/x"), added("A/y")])).toEqual([{ path: "A", other: "a" }]);
    expect(collisionsAmong([added("\u00e9"), added("e\u0301")])).toHaveLength(1);
  });

  it("finds none among paths that share folders", () => {
    expect(collisionsAmong([added("a/x"), added("a/y"), added("b/x")])).toEqual([]);
  });
});

describe("collisionsIn", () => {
  it("finds what lies beside an added path under another spelling", async () => {
    mkdirSync(join(root, "Src"));
    writeFileSync(join(root, "Src", "a"), "");
    writeFileSync(join(root, "Src", "A"), "");
    expect(await collisionsIn(root, [added("Src/A")])).toEqual([{ path: "Src/A", other: "Src/a" }]);
    expect(await collisionsIn(root, [added("src/b")])).toEqual([{ path: "src", other: "Src" }]);
  });

  it("does not hold an unchanged pair against a change of one", async () => {
    writeFileSync(join(root, "a"), "");
    writeFileSync(join(root, "A"), "");
    expect(await collisionsIn(root, [{ ...added("a"), kind: "modified" }])).toEqual([]);
  });
});
