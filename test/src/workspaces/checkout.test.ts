import { chmodSync, existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { filesIn, gitIn, makeRepository, openWorkspace, writeFiles } from "../../helpers/repository.ts";
import { tempDirectory } from "../../helpers/temp.ts";

describe("openCheckout", () => {
  it("has no repository in it, so that a check finds no history to lean on", async () => {
    const session = await openWorkspace(makeRepository({ "a.txt": "one\n" }));
    const checkout = await session.checkout(session.base.tree);
    expect(existsSync(join(checkout.path, ".git"))).toBe(false);
    expect(() => gitIn(checkout.path, "rev-parse", "--git-dir")).toThrow();
  });

  it("is disposed of with folders that may not be written in it", async () => {
    const session = await openWorkspace(makeRepository({ "a.txt": "one\n" }));
    const checkout = await session.checkout(session.base.tree);
    mkdirSync(join(checkout.path, "locked/inner"), { recursive: true });
    writeFileSync(join(checkout.path, "locked/inner/file"), "");
    chmodSync(join(checkout.path, "locked"), 0o000);
    await checkout.dispose();
    expect(existsSync(checkout.path)).toBe(false);
  });

  it("sees by its digest a repository or a link that a check left behind, a changed mode, and a deleted file", async () => {
    const repository = makeRepository({ "a.txt": "one\n", "b.txt": "two\n" });
    const session = await openWorkspace(repository);
    const ways: readonly ((path: string) => void)[] = [
      (path) => writeFiles(path, { "inner/.git/HEAD": "ref: refs/heads/x\n", "inner/x.txt": "x" }),
      (path) => symlinkSync("a.txt", join(path, "link")),
      (path) => chmodSync(join(path, "a.txt"), 0o755),
      (path) => rmSync(join(path, "b.txt")),
      (path) => writeFiles(path, { ".gitignore": "*\n" }),
    ];
    for (const change of ways) {
      const checkout = await session.checkout(session.base.tree);
      change(checkout.path);
      // A rule that ignores itself hides nothing that was there.
      const hidden = filesIn(checkout.path)[".gitignore"] === "*\n";
      expect((await checkout.digest()) === checkout.tree).toBe(hidden);
      await checkout.dispose();
    }
  });

  it("gives the same digest each time, and when asked twice at once", async () => {
    const session = await openWorkspace(makeRepository({ "a.txt": "one\n" }));
    const checkout = await session.checkout(session.base.tree);
    writeFiles(checkout.path, { "b.txt": "b" });
    const digests = await Promise.all([checkout.digest(), checkout.digest()]);
    expect(new Set([...digests, await checkout.digest()]).size).toBe(1);
  });

  it("refuses a tree in which the project's folder leads elsewhere", async () => {
    const repository = makeRepository({ "pkg/a.txt": "one\n", "b.txt": "b\n" });
    const session = await openWorkspace(repository, { directory: join(repository.path, "pkg") });
    const outside = tempDirectory("outside");
    for (const replace of [
      () => symlinkSync(outside, session.path),
      () => writeFileSync(session.path, "a file"),
    ]) {
      rmSync(session.path, { recursive: true });
      replace();
      const tree = await session.snapshot();
      await expect(session.checkout(tree)).rejects.toMatchObject({ code: "workspace", field: "pkg/" });
      await session.restore(session.base.tree);
    }
    expect(filesIn(session.path)).toEqual({ "a.txt": "one\n" });
  });

  it("has an empty folder for the project where the tree holds none of its files", async () => {
    const repository = makeRepository({ "pkg/a.txt": "one\n", "b.txt": "b\n" });
    const session = await openWorkspace(repository, { directory: join(repository.path, "pkg") });
    rmSync(session.path, { recursive: true });
    const checkout = await session.checkout(await session.snapshot());
    expect(filesIn(checkout.path)).toEqual({});
  });
});
