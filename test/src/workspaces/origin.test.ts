import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { findOrigin, refuseDirty, userExcludes, userOf } from "../../../src/workspaces/origin.ts";
import { gitIn, makeRepository, openWorkspace } from "../../helpers/repository.ts";
import { tempDirectory } from "../../helpers/temp.ts";

const refused = (field: string, message: RegExp) => ({
  code: "workspace",
  field,
  message: expect.stringMatching(message),
});

describe("findOrigin", () => {
  it("finds the top of the repository and the way to the project", async () => {
    const repository = makeRepository({ "a/b/c.txt": "c\n" });
    const origin = await findOrigin(join(repository.path, "a/b"));
    expect(origin).toEqual({
      top: repository.path,
      prefix: "a/b/",
      objects: join(repository.path, ".git/objects"),
      exclude: join(repository.path, ".git/info/exclude"),
      shallow: join(repository.path, ".git/shallow"),
      objectFormat: "sha1",
      commit: repository.git("rev-parse", "HEAD"),
    });
  });

  it("finds the shared objects from a linked worktree of the user", async () => {
    const repository = makeRepository({ "a.txt": "one\n" });
    repository.git("worktree", "add", "--quiet", "-b", "other", "../other");
    const origin = await findOrigin(join(repository.path, "../other"));
    expect(origin.objects).toBe(join(repository.path, ".git/objects"));
    const session = await openWorkspace({ path: origin.top });
    expect(await session.snapshot()).toBe(session.base.tree);
  });

  it("finds no commit in a repository that has none yet", async () => {
    expect((await findOrigin(makeRepository().path)).commit).toBeNull();
  });

  it("refuses what is no repository, naming path and fix", async () => {
    const path = tempDirectory("plain");
    await expect(findOrigin(path)).rejects.toMatchObject({
      ...refused(path, /is not a git repository$/),
      fix: expect.stringContaining("git init"),
    });
  });

  it("refuses a path that is not there, and a file", async () => {
    const root = tempDirectory("plain");
    const [missing, file] = [join(root, "missing"), join(root, "file")];
    writeFileSync(file, "");
    await expect(findOrigin(missing)).rejects.toMatchObject(refused(missing, /does not exist/));
    await expect(findOrigin(file)).rejects.toMatchObject(refused(file, /is no folder/));
  });

  it("refuses a bare repository and the inside of .git", async () => {
    const bare = join(tempDirectory("bare"), "x.git");
    gitIn("/", "init", "--quiet", "--bare", bare);
    await expect(findOrigin(bare)).rejects.toMatchObject(refused(bare, /no files checked out/));
    const inside = join(makeRepository({ "a.txt": "one\n" }).path, ".git");
    await expect(findOrigin(inside)).rejects.toMatchObject(refused(inside, /no files checked out/));
  });

  it("refuses a HEAD that cannot be read, rather than taking it for no commit", async () => {
    const repository = makeRepository({ "a.txt": "one\n" });
    writeFileSync(join(repository.path, ".git/refs/heads/main"), `${"1".repeat(40)}\n`);
    await expect(findOrigin(repository.path)).rejects.toMatchObject(
      refused(repository.path, /cannot be read/),
    );
  });
});

describe("refuseDirty", () => {
  it("names odd paths harmlessly", async () => {
    const repository = makeRepository({ "a.txt": "one\n" });
    repository.write({ "\u001b[31mred\n": "x" });
    const origin = await findOrigin(repository.path);
    await expect(refuseDirty(origin, [])).rejects.toThrow("\\u{1b}[31mred");
  });

  it("sees staged, unstaged, deleted and new files, in the whole repository", async () => {
    for (const change of ["staged", "unstaged", "deleted", "new"]) {
      const repository = makeRepository({ "a.txt": "one\n", "sub/b.txt": "b\n" });
      repository.write({ [change === "new" ? "n.txt" : "a.txt"]: change === "deleted" ? null : "two\n" });
      if (change === "staged") repository.git("add", "--all");
      const origin = await findOrigin(join(repository.path, "sub"));
      await expect(refuseDirty(origin, [])).rejects.toMatchObject({
        code: "workspace",
        field: repository.path,
      });
    }
  });

  it("runs no monitor that the repository names", async () => {
    const repository = makeRepository({ "a.txt": "one\n" });
    const mark = join(tempDirectory("mark"), "ran");
    repository.git("config", "core.fsmonitor", `touch ${mark}; false`);
    await refuseDirty(await findOrigin(repository.path), []);
    expect(() => writeFileSync(mark, "", { flag: "wx" })).not.toThrow();
  });
});

describe("userOf and userExcludes", () => {
  it("ask git, in the repository", async () => {
    const repository = makeRepository({ "a.txt": "one\n" });
    const origin = await findOrigin(repository.path);
    expect(await userOf(origin)).toEqual({ name: "Ada", email: "ada@example.org" });
    repository.git("config", "core.excludesFile", "/some/ignore");
    expect(await userExcludes(origin)).toBe("/some/ignore");
  });

  it("know nobody without a name or without an address", async () => {
    const repository = makeRepository({ "a.txt": "one\n" });
    repository.git("config", "user.email", "");
    expect(await userOf(await findOrigin(repository.path))).toBeNull();
  });

  it("honour what the user ignores everywhere", async () => {
    const repository = makeRepository({ "a.txt": "one\n" });
    const ignore = join(tempDirectory("ignore"), "ignore");
    writeFileSync(ignore, "*.swp\n");
    repository.git("config", "core.excludesFile", ignore);
    const session = await openWorkspace(repository);
    mkdirSync(join(session.path, "sub"));
    writeFileSync(join(session.path, "sub/x.swp"), "");
    expect(await session.snapshot()).toBe(session.base.tree);
    expect(gitIn(session.path, "status", "--porcelain")).toBe("");
  });
});
