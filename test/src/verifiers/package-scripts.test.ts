import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { changedScripts, packageFiles } from "../../../src/verifiers/package-scripts.ts";

let root: string;
let base: string;
let now: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "scripts-"));
  [base, now] = [join(root, "base"), join(root, "now")];
  mkdirSync(base);
  mkdirSync(now);
});
afterEach(() => rmSync(root, { recursive: true }));

const put = (directory: string, text: string): void => writeFileSync(join(directory, "package.json"), text);
const changed = () => changedScripts(base, now, "package.json");

describe("changedScripts", () => {
  it("looks at scripts only, whatever their order", async () => {
    put(base, '{"scripts":{"a":"1","b":"2"}}');
    put(now, '{"version":"2","scripts":{"b":"2","a":"1"}}');
    expect(await changed()).toEqual([]);
  });

  it("reports another script, and a link in the file's place", async () => {
    put(base, '{"scripts":{"a":"1"}}');
    put(now, '{"scripts":{"a":"2"}}');
    expect(await changed()).toHaveLength(1);
    rmSync(join(now, "package.json"));
    symlinkSync(join(base, "package.json"), join(now, "package.json"));
    expect(await changed()).toHaveLength(1);
  });

  it("leaves a new file alone", async () => {
    put(now, '{"scripts":{"a":"2"}}');
    expect(await changed()).toEqual([]);
  });
});

describe("packageFiles", () => {
  it("finds each once, at both ends of a rename and in whatever case", () => {
    const change = { oldMode: null, newMode: null };
    expect(
      packageFiles([
        { ...change, kind: "renamed", from: "package.json", path: "a/Package.json" },
        { ...change, kind: "deleted", path: "package.json" },
        { ...change, kind: "added", path: "package.json.bak" },
      ]),
    ).toEqual(["package.json", "a/Package.json"]);
  });
});
