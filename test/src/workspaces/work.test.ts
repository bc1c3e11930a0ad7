import { mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { layoutOf, projectIn } from "../../../src/workspaces/work.ts";
import {
  type Files,
  filesIn,
  gitIn,
  makeRepository,
  makeScratch,
  openWorkspace,
  writeFiles,
} from "../../helpers/repository.ts";

describe("snapshot and restore", () => {
  it("go back to any tree from any other", async () => {
    const name = fc.constantFrom("a", "b", "a/x", "a/y", "b/x/z", ".gitignore", "x.log");
    const file = fc.oneof(
      fc.constantFrom("", "one\n", "two\n", "*.log\n"),
      fc.constantFrom("a", "..", "/etc/passwd").map((link) => ({ link })),
      fc.constant({ text: "one\n", mode: 0o755 }),
    );
    const files: fc.Arbitrary<Files> = fc.dictionary(name, file, { maxKeys: 4 });
    const session = await openWorkspace(makeRepository({ a: "one\n" }));
    const lay = (wanted: Files) => {
      for (const entry of readdirSync(session.path).filter((each) => each !== ".git")) {
        rmSync(join(session.path, entry), { recursive: true });
      }
      for (const [path, content] of Object.entries(wanted)) {
        try {
          writeFiles(session.path, { [path]: content });
        } catch {
          // A file stands where a folder is needed, or a link leads away: then this one is left out.
        }
      }
    };
    // Links to places outside would be written through by the test itself.
    const sane = (wanted: Files): Files =>
      Object.fromEntries(
        Object.entries(wanted).filter(
          ([path, content]) => !path.includes("/") || typeof content === "string",
        ),
      );
    const isOpen = (wanted: Files) =>
      !Object.entries(wanted).some(
        ([path, content]) =>
          !path.includes("/") && typeof content === "object" && content !== null && "link" in content,
      );
    await fc.assert(
      fc.asyncProperty(
        files.map(sane).filter(isOpen),
        files.map(sane).filter(isOpen),
        async (first, second) => {
          lay(first);
          const one = await session.snapshot();
          expect(await session.snapshot()).toBe(one);
          lay(second);
          const other = await session.snapshot();
          await session.restore(one);
          expect(await session.snapshot()).toBe(one);
          await session.restore(other);
          expect(await session.snapshot()).toBe(other);
          const checkout = await session.checkout(one);
          expect(await checkout.digest()).toBe(one);
          await checkout.dispose();
        },
      ),
      { numRuns: 12 },
    );
  });

  it("restores through folders without permissions and half-written states", async () => {
    const session = await openWorkspace(makeRepository({ "src/a.txt": "one\n", "src/b.txt": "two\n" }));
    rmSync(join(session.path, "src/a.txt"));
    mkdirSync(join(session.path, "src/a.txt/deep"), { recursive: true, mode: 0o500 });
    writeFileSync(join(session.path, "src/a.txt/deep/x"), "");
    await session.restore(session.base.tree);
    expect(filesIn(session.path)).toEqual({ "src/a.txt": "one\n", "src/b.txt": "two\n" });
  });

  it("puts the agent's directory back where a link stands in its place", async () => {
    const scratch = makeScratch();
    const session = await openWorkspace(makeRepository({ "a.txt": "one\n" }), { scratch });
    const outside = join(scratch, "outside");
    mkdirSync(outside);
    writeFiles(outside, { "kept.txt": "kept" });
    rmSync(session.path, { recursive: true });
    symlinkSync(outside, session.path);
    await session.restore(session.base.tree);
    expect(filesIn(session.path)).toEqual({ "a.txt": "one\n" });
    expect(filesIn(outside)).toEqual({ "kept.txt": "kept" });
    expect(gitIn(session.path, "status", "--porcelain")).toBe("");
  });

  it("makes the project's folder again", async () => {
    const repository = makeRepository({ "pkg/a.txt": "one\n" });
    const session = await openWorkspace(repository, { directory: join(repository.path, "pkg") });
    rmSync(session.path, { recursive: true });
    const without = await session.snapshot();
    await session.restore(session.base.tree);
    await session.restore(without);
    expect(filesIn(session.path)).toEqual({});
  });
});

describe("layoutOf and projectIn", () => {
  it("keep every part inside the scratch, and the agent's apart from the runtime's", () => {
    const { scratch, work, ...own } = layoutOf("/s");
    expect([scratch, work]).toEqual(["/s", "/s/work"]);
    expect(Object.values(own).every((path) => path.startsWith("/s/") && !path.startsWith("/s/work"))).toBe(
      true,
    );
    expect([projectIn("/s/work", ""), projectIn("/s/work", "a/b/")]).toEqual(["/s/work", "/s/work/a/b"]);
  });
});
