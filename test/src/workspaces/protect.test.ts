import { describe, expect, it } from "vitest";
import { type Files, filesIn, makeRepository, openWorkspace, writeFiles } from "../../helpers/repository.ts";

const base: Files = {
  "a.txt": "one\n",
  "test/a.test.js": "strict\n",
  ".ci/run": { text: "run\n", mode: 0o755 },
};

const checkedOut = async (changed: Files, globs: readonly string[]) => {
  const session = await openWorkspace(makeRepository(base));
  writeFiles(session.path, changed);
  const tree = await session.snapshot();
  const checkout = await session.checkout(tree, { restoreFromBase: globs });
  return { session, tree, checkout, files: filesIn(checkout.path) };
};

describe("withProtected", () => {
  it("puts back what was changed, deleted, moved or had its mode changed, and removes what was added", async () => {
    const { files, checkout, session } = await checkedOut(
      {
        "test/a.test.js": null,
        "moved.js": "strict\n",
        "test/extra.js": "added\n",
        ".ci/run": { text: "run\n", mode: 0o644 },
      },
      ["test/**", ".ci/**"],
    );
    expect(files).toEqual({
      "a.txt": "one\n",
      "test/a.test.js": "strict\n",
      ".ci/run": "run\n",
      "moved.js": "strict\n",
    });
    const changes = await session.changes(session.base.tree, checkout.tree);
    expect(changes.map(({ path }) => path)).toEqual(["moved.js"]);
  });

  it("leaves the tree alone where nothing protected was touched", async () => {
    const { tree, checkout } = await checkedOut({ "a.txt": "two\n" }, ["test/**"]);
    expect(checkout.tree).toBe(tree);
  });

  it("matches hidden files, and does not care about case", async () => {
    const { files } = await checkedOut({ "test/.hidden.js": "h\n", "TEST/b.test.js": "b\n" }, ["test/**"]);
    expect(Object.keys(files).toSorted()).toEqual([".ci/run", "a.txt", "test/a.test.js"]);
  });

  it("matches names in either Unicode form", async () => {
    const { files } = await checkedOut({ "e\u0301.txt": "x\n" }, ["\u00e9.txt"]);
    expect(Object.keys(files)).not.toContain("e\u0301.txt");
  });

  it("puts a folder back where a file or a link took its place", async () => {
    for (const instead of ["a file\n", { link: "/tmp" }]) {
      const { files } = await checkedOut({ test: instead }, ["test", "test/**"]);
      expect(files["test/a.test.js"]).toBe("strict\n");
    }
  });

  it("lets a protected file of the base win over a file that is not protected and in its way", async () => {
    const { files } = await checkedOut({ test: { link: "/tmp" } }, ["test/**"]);
    expect(files["test/a.test.js"]).toBe("strict\n");
    expect(files.test).toBeUndefined();
  });
});
