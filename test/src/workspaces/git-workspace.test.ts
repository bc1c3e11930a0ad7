import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { gitWorkspace } from "../../../src/workspaces/index.ts";
import { workspaceCases } from "../../conformance/workspace.cases.ts";
import {
  filesIn,
  gitIn,
  gitOf,
  makeRepository,
  makeScratch,
  openWorkspace,
  writeFiles,
} from "../../helpers/repository.ts";
import { tempDirectory } from "../../helpers/temp.ts";

for (const linked of [false, true]) {
  workspaceCases(linked ? "gitWorkspace({ linked: true })" : "gitWorkspace()", {
    project: (files) => {
      const repository = makeRepository(files);
      return {
        directory: repository.path,
        open: (scratch) => openWorkspace(repository, { scratch, linked }),
      };
    },
  });
}

describe("gitWorkspace", () => {
  it("starts from HEAD", async () => {
    const repository = makeRepository({ "a.txt": "one\n" });
    const session = await openWorkspace(repository);
    expect(session.base).toEqual({
      commit: repository.git("rev-parse", "HEAD"),
      tree: repository.git("rev-parse", "HEAD^{tree}"),
    });
    expect(gitOf(session).origin).toBe(repository.path);
  });

  it("keeps its base when the user commits during the run", async () => {
    const repository = makeRepository({ "a.txt": "one\n" });
    const scratch = makeScratch();
    const { base } = await openWorkspace(repository, { scratch });
    repository.commit({ "a.txt": "two\n" });
    expect((await openWorkspace(repository, { scratch })).base).toEqual(base);
  });

  it("refuses a dirty checkout, naming paths and the way out", async () => {
    const repository = makeRepository({ "a.txt": "one\n" });
    repository.write({ "a.txt": "two\n", "b.txt": "new\n" });
    const refusal = await openWorkspace(repository).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ code: "workspace", field: repository.path });
    expect(String(refusal)).toMatch(/not committed: a\.txt, b\.txt/);
    expect((refusal as { fix: string }).fix).toMatch(/commit or stash.*"head".*"include"/);
  });

  it("names only some of many dirty paths", async () => {
    const repository = makeRepository({ "a.txt": "one\n" });
    repository.write(Object.fromEntries(Array.from({ length: 9 }, (_, index) => [`n${index}.txt`, ""])));
    await expect(openWorkspace(repository)).rejects.toThrow(/n0\.txt.*n4\.txt and 4 more$/);
  });

  it("does not take ignored or provided files for changes", async () => {
    const repository = makeRepository({ ".gitignore": "*.log\n" });
    repository.write({ "x.log": "noise", "node_modules/p/index.js": "" });
    const session = await openWorkspace(repository);
    expect(await session.snapshot()).toBe(session.base.tree);
  });

  it("leaves uncommitted changes out on request", async () => {
    const repository = makeRepository({ "a.txt": "one\n" });
    repository.write({ "a.txt": "two\n", "b.txt": "new\n" });
    const session = await openWorkspace(repository, { dirty: "head" });
    expect(filesIn(session.path)).toEqual({ "a.txt": "one\n" });
  });

  it("starts from uncommitted changes on request, and leaves the user's index alone", async () => {
    const repository = makeRepository({ "a.txt": "one\n", "gone.txt": "g\n" });
    repository.write({ "a.txt": "two\n", "b.txt": "new\n", "gone.txt": null });
    const status = repository.git("status", "--porcelain");
    const session = await openWorkspace(repository, { dirty: "include" });
    expect(filesIn(session.path)).toEqual({ "a.txt": "two\n", "b.txt": "new\n" });
    expect(await session.snapshot()).toBe(session.base.tree);
    expect(session.base.commit).toBe(repository.git("rev-parse", "HEAD"));
    expect(repository.git("status", "--porcelain")).toBe(status);
  });

  it("starts from an empty tree where there is no commit", async () => {
    const repository = makeRepository();
    const session = await openWorkspace(repository);
    expect(session.base).toEqual({ commit: null, tree: "4b825dc642cb6eb9a060e54bf8d69288fbee4904" });
    expect(filesIn(session.path)).toEqual({});
    writeFiles(session.path, { "first.txt": "1\n" });
    const tree = await session.snapshot();
    const { commit } = await gitOf(session).publish({
      tree,
      branch: "out",
      message: "First",
      key: "run-1/1/0",
    });
    expect(repository.git("rev-list", "--parents", "out")).toBe(commit);
    expect(repository.git("show", "out:first.txt")).toBe("1");
    expect(gitIn(session.path, "status", "--porcelain")).toBe("?? first.txt");
  });

  it("works on repositories with SHA-256", async () => {
    const repository = makeRepository({}, ["--object-format=sha256"]);
    repository.commit({ "a.txt": "one\n" });
    const session = await openWorkspace(repository);
    expect(session.base.tree).toHaveLength(64);
    writeFiles(session.path, { "a.txt": "two\n" });
    const tree = await session.snapshot();
    const request = { tree, branch: "out", message: "Change", key: "run-1/1/0" };
    const { commit } = await gitOf(session).publish(request);
    expect(await gitOf(session).findPublished("out", "run-1/1/0")).toEqual({ commit, tree });
  });

  it("works in the folder of a repository that was named, with paths seen from it", async () => {
    const repository = makeRepository({
      "README.md": "r\n",
      "packages/a/x.txt": "x\n",
      "packages/b/y.txt": "y\n",
    });
    const session = await openWorkspace(repository, { directory: join(repository.path, "packages/a") });
    expect(filesIn(session.path)).toEqual({ "x.txt": "x\n" });
    writeFiles(session.path, { "x.txt": "changed\n", "../b/y.txt": "changed\n" });
    const tree = await session.snapshot();
    const paths = (await session.changes(session.base.tree, tree)).map(({ path }) => path);
    expect(paths).toEqual(["x.txt", "../b/y.txt"]);
    const checkout = await session.checkout(tree, { restoreFromBase: ["*.txt"] });
    expect(filesIn(checkout.path)).toEqual({ "x.txt": "x\n" });
    expect(readFileSync(join(checkout.path, "../b/y.txt"), "utf8")).toBe("changed\n");
  });

  it("starts in a folder that HEAD does not hold", async () => {
    const repository = makeRepository({ "a.txt": "one\n" });
    mkdirSync(join(repository.path, "empty"));
    const session = await openWorkspace(repository, { directory: join(repository.path, "empty") });
    expect(filesIn(session.path)).toEqual({});
    const checkout = await session.checkout(session.base.tree);
    expect(filesIn(checkout.path)).toEqual({});
  });

  it("makes a half-made workspace anew", async () => {
    const repository = makeRepository({ "a.txt": "one\n" });
    const scratch = makeScratch();
    mkdirSync(join(scratch, "work/.git"), { recursive: true });
    writeFileSync(join(scratch, "work/stale.txt"), "stale");
    mkdirSync(join(scratch, "gate.git"));
    writeFileSync(join(scratch, "workspace.json.new"), "{");
    const session = await openWorkspace(repository, { scratch });
    expect(filesIn(session.path)).toEqual({ "a.txt": "one\n" });
    expect(await session.snapshot()).toBe(session.base.tree);
  });

  it("makes a half-made linked workspace anew, though the repository knows it", async () => {
    const repository = makeRepository({ "a.txt": "one\n" });
    const scratch = makeScratch();
    await openWorkspace(repository, { scratch, linked: true });
    rmSync(join(scratch, "workspace.json"));
    const session = await openWorkspace(repository, { scratch, linked: true });
    expect(await session.snapshot()).toBe(session.base.tree);
    expect(repository.git("worktree", "list").split("\n")).toHaveLength(2);
    await session.close();
    expect(repository.git("worktree", "list").split("\n")).toHaveLength(1);
  });

  it("closes a linked workspace whose repository is gone", async () => {
    const repository = makeRepository({ "a.txt": "one\n" });
    const session = await openWorkspace(repository, { linked: true });
    renameSync(repository.path, `${repository.path}-elsewhere`);
    await session.close();
    expect(existsSync(session.path)).toBe(false);
  });

  it("refuses a linked workspace where there is no commit", async () => {
    await expect(openWorkspace(makeRepository(), { linked: true })).rejects.toMatchObject({
      code: "workspace",
      field: "workspace.linked",
    });
  });

  it("refuses to go on when the run's own repository is gone", async () => {
    const repository = makeRepository({ "a.txt": "one\n" });
    const scratch = makeScratch();
    await openWorkspace(repository, { scratch });
    rmSync(join(scratch, "gate.git"), { recursive: true });
    await expect(openWorkspace(repository, { scratch })).rejects.toMatchObject({
      code: "workspace",
      field: scratch,
    });
  });

  it("ends soon when it is aborted, and can be opened afterwards", async () => {
    const repository = makeRepository({ "a.txt": "one\n" });
    const request = { runId: "run-1", directory: repository.path, scratch: makeScratch() };
    await expect(gitWorkspace().open({ ...request, signal: AbortSignal.abort() })).rejects.toThrow();
    expect(filesIn((await gitWorkspace().open(request)).path)).toEqual({ "a.txt": "one\n" });
  });

  it("keeps two runs on one repository apart", async () => {
    const repository = makeRepository({ "a.txt": "one\n" });
    const [first, second] = await Promise.all([
      openWorkspace(repository, { runId: "run-1" }),
      openWorkspace(repository, { runId: "run-2" }),
    ]);
    writeFiles(first.path, { "a.txt": "first\n" });
    expect(await second.snapshot()).toBe(second.base.tree);
    expect(await first.snapshot()).not.toBe(first.base.tree);
  });

  it("works in folders with odd names", async () => {
    const root = tempDirectory("odd");
    const repository = makeRepository({ "a.txt": "one\n" });
    const odd = join(root, 'a "b" #c \u00e9:d');
    renameSync(repository.path, odd);
    const session = await openWorkspace({ path: odd }, { scratch: join(root, "scratch 'x' [1]*") });
    writeFiles(session.path, { "a.txt": "two\n" });
    const tree = await session.snapshot();
    const checkout = await session.checkout(tree);
    expect(filesIn(checkout.path)).toEqual({ "a.txt": "two\n" });
    await gitOf(session).publish({ tree, branch: "out", message: "Change", key: "run-1/1/0" });
    expect(gitIn(odd, "show", "out:a.txt")).toBe("two");
  });
});
