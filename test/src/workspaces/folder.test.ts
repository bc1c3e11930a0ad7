import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { emptyFolder, ensureFolder } from "../../../src/workspaces/folder.ts";
import { filesIn, gitIn, makeRepository, openWorkspace, writeFiles } from "../../helpers/repository.ts";
import { tempDirectory } from "../../helpers/temp.ts";

const opened = async () => {
  const repository = makeRepository({ "a.txt": "one\n" });
  const session = await openWorkspace(repository);
  return { repository, session, agentGit: join(session.path, ".git") };
};

describe("ensureFolder", () => {
  it("keeps a folder, and replaces a file or a link without what it leads to", async () => {
    const root = tempDirectory();
    writeFiles(root, { "kept/x": "x", file: "f", link: { link: "kept" } });
    for (const name of ["kept", "file", "link", "new/inner"]) await ensureFolder(join(root, name));
    expect(filesIn(root)).toEqual({ "kept/x": "x" });
    expect(readdirSync(root).toSorted()).toEqual(["file", "kept", "link", "new"]);
  });
});

describe("emptyFolder", () => {
  it("removes everything but the repository, locked folders too", async () => {
    const root = tempDirectory();
    writeFiles(root, { ".git/HEAD": "h", ".hidden": "", "a/b": "" });
    mkdirSync(join(root, "locked"), { mode: 0o000 });
    await emptyFolder(root);
    expect(readdirSync(root)).toEqual([".git"]);
  });
});

describe("the agent's repository", () => {
  it("tells the truth after each restore, whatever the agent did in it", async () => {
    const { session } = await opened();
    writeFiles(session.path, { "a.txt": "two\n", "b.txt": "b\n" });
    const tree = await session.snapshot();
    gitIn(session.path, "checkout", "--quiet", "-b", "mine");
    gitIn(session.path, "add", "--all");
    gitIn(session.path, "commit", "--quiet", "-m", "Mine");
    writeFileSync(join(session.path, ".git/index.lock"), "");
    await session.restore(session.base.tree);
    expect(gitIn(session.path, "status", "--porcelain")).toBe("");
    expect(gitIn(session.path, "rev-parse", "HEAD")).toBe(session.base.commit);
    await session.restore(tree);
    expect(gitIn(session.path, "status", "--porcelain").split("\n")).toEqual([" M a.txt", "?? b.txt"]);
    expect(gitIn(session.path, "branch", "--format=%(refname:short)")).toContain("mine");
  });

  it("is not written through links that the agent put into it", async () => {
    const { session, agentGit, repository } = await opened();
    const target = join(repository.path, "a.txt");
    for (const name of ["HEAD", "index", "index.lock"]) {
      rmSync(join(agentGit, name), { force: true });
      symlinkSync(target, join(agentGit, name));
    }
    const objects = tempDirectory("objects");
    rmSync(join(agentGit, "objects"), { recursive: true });
    symlinkSync(objects, join(agentGit, "objects"));
    writeFiles(session.path, { "a.txt": "two\n" });
    await session.restore(session.base.tree);
    expect(readFileSync(target, "utf8")).toBe("one\n");
    expect(readdirSync(objects)).toEqual([]);
  });

  it("takes folders in the place of its files away", async () => {
    const { session, agentGit } = await opened();
    for (const name of ["HEAD", "index", "index.lock", "objects/info/alternates"]) {
      rmSync(join(agentGit, name), { force: true });
      mkdirSync(join(agentGit, name, "inner"), { recursive: true });
    }
    writeFiles(session.path, { "a.txt": "two\n" });
    await session.restore(session.base.tree);
    expect(gitIn(session.path, "status", "--porcelain")).toBe("");
  });
});

describe("a linked worktree", () => {
  it("belongs to the user's repository, at the base and on no branch", async () => {
    const repository = makeRepository({ "a.txt": "one\n" });
    const session = await openWorkspace(repository, { linked: true });
    expect(gitIn(session.path, "rev-parse", "--path-format=absolute", "--git-common-dir")).toBe(
      join(repository.path, ".git"),
    );
    expect(gitIn(session.path, "rev-parse", "--abbrev-ref", "HEAD")).toBe("HEAD");
    expect(gitIn(session.path, "status", "--porcelain")).toBe("");
  });
});
