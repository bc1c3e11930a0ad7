import { describe, expect, it } from "vitest";
import { seenFrom } from "../../../src/workspaces/changes.ts";
import { type Files, makeRepository, openWorkspace, writeFiles } from "../../helpers/repository.ts";

const between = async (before: Files, after: Files) => {
  const session = await openWorkspace(makeRepository(before));
  writeFiles(session.path, after);
  const tree = await session.snapshot();
  return { session, tree, changes: await session.changes(session.base.tree, tree) };
};

const text = "some lines\nthat are long enough\nto be recognised\nafter a move\n";

describe("changes", () => {
  it("finds renames, edited and across folders, with odd names", async () => {
    const { changes } = await between(
      { "old\nname.txt": text },
      { "old\nname.txt": null, 'sub/new "name".txt': `${text}more\n` },
    );
    expect(changes).toEqual([
      {
        kind: "renamed",
        path: 'sub/new "name".txt',
        from: "old\nname.txt",
        oldMode: "100644",
        newMode: "100644",
      },
    ]);
  });

  it("keeps several kinds in one list apart", async () => {
    const { changes } = await between(
      {
        "gone.txt": "g\n",
        "moved.txt": text,
        "mode.sh": "#!/bin/sh\n",
        "kind.txt": "k\n",
        "same.txt": "s\n",
      },
      {
        "gone.txt": null,
        "moved.txt": null,
        "there.txt": text,
        "mode.sh": { text: "#!/bin/sh\n", mode: 0o755 },
        "kind.txt": { link: "same.txt" },
        "new.txt": "n\n",
      },
    );
    expect(changes).toEqual([
      { kind: "deleted", path: "gone.txt", oldMode: "100644", newMode: null },
      { kind: "modified", path: "kind.txt", oldMode: "100644", newMode: "120000" },
      { kind: "mode", path: "mode.sh", oldMode: "100644", newMode: "100755" },
      { kind: "added", path: "new.txt", oldMode: null, newMode: "100644" },
      { kind: "renamed", path: "there.txt", from: "moved.txt", oldMode: "100644", newMode: "100644" },
    ]);
  });

  it("tells names apart that differ in case alone", async () => {
    const { changes } = await between({ "a.txt": "one\n" }, { "A.txt": "two\n" });
    expect(changes.map(({ kind, path }) => [kind, path])).toEqual([["added", "A.txt"]]);
  });

  it("refuses trees that do not exist", async () => {
    const { session, tree } = await between({ "a.txt": "one\n" }, {});
    await expect(session.changes(tree, "1".repeat(40))).rejects.toMatchObject({ code: "workspace" });
  });
});

describe("diff", () => {
  it("shows nothing between equal trees, and says that it was cut", async () => {
    const { session, tree } = await between({ "a.txt": "one\n" }, { "a.txt": "two\n".repeat(10_000) });
    expect(await session.diff(tree, tree)).toBe("");
    const cut = await session.diff(session.base.tree, tree, 1_000);
    expect(Buffer.byteLength(cut)).toBeLessThan(1_100);
    expect(cut).toMatch(/cut after 1000 bytes …\n$/);
  });
});

describe("seenFrom", () => {
  it.each([
    ["", "a/b.txt", "a/b.txt"],
    ["a/", "a/b.txt", "b.txt"],
    ["a/", "b.txt", "../b.txt"],
    ["a/b/", "a/c/d.txt", "../c/d.txt"],
  ])("sees from %j the path %j as %j", (prefix, path, seen) => {
    expect(seenFrom(prefix, path)).toBe(seen);
  });
});
