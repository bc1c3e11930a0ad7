import { describe, expect, it } from "vitest";
import { endsOf, folded, touches, trickIn, within } from "../../../src/verifiers/paths.ts";

describe("within", () => {
  it.each([
    ["src/**", "src/a/b.ts", true],
    ["src/**", "src/.hidden/b", true],
    ["src/**", "Src/a.ts", false],
    ["src/*", "src/a/b.ts", false],
    ["**/*.ts", "a.ts", true],
    ["src/**", "src-other/a.ts", false],
  ])("%s on %s is %s", (glob, path, expected) => {
    expect(within([glob])(path)).toBe(expected);
  });

  it("holds nothing within no globs", () => {
    expect(within([])("a")).toBe(false);
    expect(touches([])("a")).toBe(false);
  });
});

describe("touches", () => {
  it.each(["TEST/a", "test/a", "test/.b"])("sees %s in whatever case", (path) => {
    expect(touches(["test/**"])(path)).toBe(true);
  });

  it("sees a path in whatever Unicode form", () => {
    expect(touches(["caf\u00e9/**"])("cafe\u0301/x")).toBe(true);
  });
});

describe("folded", () => {
  it("is equal for what a forgiving file system holds equal", () => {
    expect(folded("A/E\u0301")).toBe(folded("a/\u00e9"));
    expect(folded("a")).not.toBe(folded("b"));
  });
});

describe("trickIn", () => {
  it.each(["src/a.ts", ".gitignore", "a/.github/x", "git/x", "a..b", "...a", "\u00e9/\u65e5"])(
    "finds none in %j",
    (path) => {
      expect(trickIn(path)).toBeNull();
    },
  );

  it.each([
    ".git",
    "a/.git/b",
    ".GIT/x",
    "a/.Git",
    "GIT~1/x",
    ".git./x",
    ".git /x",
    ".g\u200bit".replace("\u200b", "\u200d"),
    "../a",
    "a/./b",
    "a//b",
    "/a",
    "a\\b",
    "a\nb",
    "a./b",
    "a ",
  ])("finds one in %j", (path) => {
    expect(trickIn(path)).not.toBeNull();
  });
});

describe("endsOf", () => {
  it("gives both ends of a rename", () => {
    const change = { kind: "renamed" as const, path: "b", oldMode: "100644", newMode: "100644" };
    expect(endsOf({ ...change, from: "a" })).toEqual(["a", "b"]);
    expect(endsOf(change)).toEqual(["b"]);
  });
});
