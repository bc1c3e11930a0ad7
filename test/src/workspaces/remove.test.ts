import { chmodSync, existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { isFolder, isThere, removeTree } from "../../../src/workspaces/remove.ts";
import { tempDirectory } from "../../helpers/temp.ts";

describe("removeTree", () => {
  it("removes folders that may not be written", async () => {
    const root = tempDirectory();
    mkdirSync(join(root, "a/b"), { recursive: true });
    writeFileSync(join(root, "a/b/file"), "");
    chmodSync(join(root, "a/b"), 0o500);
    chmodSync(join(root, "a"), 0o000);
    await removeTree(join(root, "a"));
    expect(readdirSync(root)).toEqual([]);
  });

  it("removes a link and not what it leads to", async () => {
    const root = tempDirectory();
    mkdirSync(join(root, "kept/inner"), { recursive: true });
    mkdirSync(join(root, "a"));
    symlinkSync(join(root, "kept"), join(root, "a/link"));
    await removeTree(join(root, "a"));
    symlinkSync(join(root, "kept"), join(root, "a"));
    await removeTree(join(root, "a"));
    expect(readdirSync(root)).toEqual(["kept"]);
    expect(existsSync(join(root, "kept/inner"))).toBe(true);
  });

  it("takes what is not there for removed", async () => {
    await removeTree(join(tempDirectory(), "nothing"));
  });
});

describe("isFolder and isThere", () => {
  it("look at the path itself, not at what it leads to", async () => {
    const root = tempDirectory();
    symlinkSync(root, join(root, "link"));
    symlinkSync("nowhere", join(root, "broken"));
    const seen = async (name: string) => [await isFolder(join(root, name)), await isThere(join(root, name))];
    expect(await seen(".")).toEqual([true, true]);
    expect(await seen("link")).toEqual([false, true]);
    expect(await seen("broken")).toEqual([false, true]);
    expect(await seen("nothing")).toEqual([false, false]);
  });
});
