import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import type { WorkspaceSession } from "../../src/ports/workspace.ts";
import { type Files, filesIn, makeScratch, writeFiles } from "../helpers/repository.ts";

export type WorkspaceFixture = {
  /** Makes a project of these files, ignoring `*.log`, and what opens a run's workspace over it, again and again. */
  project(files: Files): { directory: string; open(scratch: string): Promise<WorkspaceSession> };
};

const start: Files = {
  ".gitignore": "*.log\n",
  "a.txt": "one\n",
  "src/b.txt": "two\n",
  "test/c.txt": "three\n",
};

/** What every workspace promises, over a real project in a real directory. */
export function workspaceCases(name: string, fixture: WorkspaceFixture): void {
  const opened = async () => {
    const project = fixture.project(start);
    const scratch = makeScratch();
    const session = await project.open(scratch);
    return { ...project, scratch, session, write: (files: Files) => writeFiles(session.path, files) };
  };

  describe(`${name} as a workspace`, () => {
    it("starts from the base, in a directory inside the scratch", async () => {
      const { session, scratch } = await opened();
      expect(session.path.startsWith(scratch)).toBe(true);
      expect(filesIn(session.path)).toEqual(start);
      expect(await session.snapshot()).toBe(session.base.tree);
    });

    it("gives equal content equal trees, whatever was there in between", async () => {
      const { session, write } = await opened();
      write({ "a.txt": "changed\n", "new file.txt": "n\n" });
      const changed = await session.snapshot();
      expect(changed).not.toBe(session.base.tree);
      write({ "a.txt": "one\n", "new file.txt": null });
      expect(await session.snapshot()).toBe(session.base.tree);
      write({ "a.txt": "changed\n", "new file.txt": "n\n" });
      expect(await session.snapshot()).toBe(changed);
    });

    it("sees a change of the same length right after a snapshot", async () => {
      const { session, write } = await opened();
      const seen = new Set<string>();
      for (const text of ["aaa", "bbb", "ccc", "ddd", "eee", "fff"]) {
        write({ "a.txt": text });
        seen.add(await session.snapshot());
      }
      expect(seen.size).toBe(6);
    });

    it("leaves ignored files out of the tree, and in place when it restores", async () => {
      const { session, write } = await opened();
      write({ "debug.log": "noise" });
      expect(await session.snapshot()).toBe(session.base.tree);
      write({ "a.txt": "changed\n" });
      await session.restore(session.base.tree);
      expect(filesIn(session.path)).toEqual({ ...start, "debug.log": "noise" });
    });

    it("restores any tree it has made: content, added, removed, and replaced by folders", async () => {
      const { session, write } = await opened();
      const other: Files = {
        "a.txt": null,
        "a.txt/inner.txt": "a folder now\n",
        src: "a file now\n",
        "x/y/z.txt": "z\n",
      };
      write({ "src/b.txt": null, ...other });
      const [files, tree] = [filesIn(session.path), await session.snapshot()];
      await session.restore(session.base.tree);
      expect(filesIn(session.path)).toEqual(start);
      await session.restore(tree);
      expect(filesIn(session.path)).toEqual(files);
      expect(await session.snapshot()).toBe(tree);
    });

    it("restores after everything was deleted, the directory too", async () => {
      const { session } = await opened();
      rmSync(session.path, { recursive: true });
      await session.restore(session.base.tree);
      expect(filesIn(session.path)).toEqual(start);
    });

    it("refuses to restore or check out a tree that does not exist", async () => {
      const { session } = await opened();
      await expect(session.restore("1".repeat(40))).rejects.toMatchObject({ code: "workspace" });
      await expect(session.checkout("1".repeat(40))).rejects.toMatchObject({ code: "workspace" });
      expect(await session.snapshot()).toBe(session.base.tree);
    });

    it("checks out exactly a tree, elsewhere, several at once", async () => {
      const { session, write, scratch } = await opened();
      write({ "a.txt": "changed\n", "debug.log": "noise" });
      const tree = await session.snapshot();
      const made = await Promise.all([tree, session.base.tree, tree].map((one) => session.checkout(one)));
      expect(made.map((checkout) => filesIn(checkout.path))).toEqual([
        { ...start, "a.txt": "changed\n" },
        start,
        { ...start, "a.txt": "changed\n" },
      ]);
      expect(new Set([session.path, ...made.map(({ path }) => path)]).size).toBe(4);
      expect(made.every(({ path }) => path.startsWith(scratch))).toBe(true);
      expect(await Promise.all(made.map((checkout) => checkout.digest()))).toEqual([
        tree,
        session.base.tree,
        tree,
      ]);
      await Promise.all(made.map((checkout) => checkout.dispose()));
      expect(made.filter(({ path }) => existsSync(path))).toEqual([]);
    });

    it("tells by the digest when a check changed its own input, but not when it wrote ignored files", async () => {
      const { session } = await opened();
      const checkout = await session.checkout(session.base.tree);
      writeFiles(checkout.path, { "report.log": "12 passed" });
      expect(await checkout.digest()).toBe(checkout.tree);
      writeFiles(checkout.path, { "a.txt": "two\n" });
      expect(await checkout.digest()).not.toBe(checkout.tree);
      writeFiles(checkout.path, { "a.txt": "one\n", "added.txt": "" });
      expect(await checkout.digest()).not.toBe(checkout.tree);
      writeFiles(checkout.path, { "added.txt": null });
      expect(await checkout.digest()).toBe(checkout.tree);
      await checkout.dispose();
      await checkout.dispose();
    });

    it("puts protected paths of a checkout back as in the base", async () => {
      const { session, write } = await opened();
      write({ "test/c.txt": "weaker\n", "test/.hidden/d.txt": "added\n", "a.txt": "changed\n" });
      const tree = await session.snapshot();
      const checkout = await session.checkout(tree, { restoreFromBase: ["test/**"] });
      expect(filesIn(checkout.path)).toEqual({ ...start, "a.txt": "changed\n" });
      expect(checkout.tree).not.toBe(tree);
      expect(await checkout.digest()).toBe(checkout.tree);
      await checkout.dispose();
    });

    it("does not let a checkout begin after it was aborted, and leaves none behind", async () => {
      const { session } = await opened();
      const folder = dirname(dirname((await session.checkout(session.base.tree)).path));
      const before = filesIn(folder);
      await expect(session.checkout(session.base.tree, { signal: AbortSignal.abort() })).rejects.toThrow();
      expect(filesIn(folder)).toEqual(before);
    });

    it("lists what changed between trees, and shows it cut to size", async () => {
      const { session, write } = await opened();
      write({ "a.txt": "one\nmore\n", "src/b.txt": null, "n.txt": "new\n" });
      const tree = await session.snapshot();
      expect(await session.changes(session.base.tree, tree)).toEqual([
        { kind: "modified", path: "a.txt", oldMode: "100644", newMode: "100644" },
        { kind: "added", path: "n.txt", oldMode: null, newMode: "100644" },
        { kind: "deleted", path: "src/b.txt", oldMode: "100644", newMode: null },
      ]);
      expect(await session.changes(tree, tree)).toEqual([]);
      const diff = await session.diff(session.base.tree, tree);
      expect(diff).toContain("+more");
      expect((await session.diff(session.base.tree, tree, 20)).startsWith(diff.slice(0, 20))).toBe(true);
      expect(await session.diff(session.base.tree, tree, 20)).not.toContain("+more");
    });

    it("finds the same session again, with what the agent did and without stale checkouts", async () => {
      const { open, scratch, session, write } = await opened();
      write({ "a.txt": "changed\n" });
      const tree = await session.snapshot();
      const stale = await session.checkout(tree);
      const again = await open(scratch);
      expect({ path: again.path, base: again.base }).toEqual({ path: session.path, base: session.base });
      expect(await again.snapshot()).toBe(tree);
      expect(existsSync(stale.path)).toBe(false);
    });

    it("closes twice, leaving the project as it was and nothing in the scratch", async () => {
      const { directory, scratch, session } = await opened();
      mkdirSync(join(session.path, "locked"), { mode: 0o755 });
      writeFileSync(join(session.path, "locked/file"), "x");
      await session.checkout(session.base.tree);
      await session.close();
      await session.close();
      expect(filesIn(scratch)).toEqual({});
      expect(existsSync(session.path)).toBe(false);
      expect(filesIn(directory)).toEqual(start);
      expect(readFileSync(join(directory, "a.txt"), "utf8")).toBe("one\n");
    });
  });
}
