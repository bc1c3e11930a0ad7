import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import type { WorkspaceSession } from "../../../src/ports/workspace.ts";
import { gitOf, makeRepository, makeScratch, openWorkspace, writeFiles } from "../../helpers/repository.ts";
import { tempDirectory } from "../../helpers/temp.ts";

const opened = async () => {
  const repository = makeRepository({ "a.txt": "one\n" });
  const scratch = makeScratch();
  const session = await openWorkspace(repository, { scratch });
  return { repository, scratch, session, base: session.base.commit! };
};

const treeWith = (session: WorkspaceSession, text: string): Promise<string> => {
  writeFiles(session.path, { "a.txt": text });
  return session.snapshot();
};

const publish = (
  session: WorkspaceSession,
  tree: string,
  rest: { key?: string; branch?: string; signal?: AbortSignal } = {},
) => gitOf(session).publish({ tree, branch: "out", message: "Change a", key: "run-1/1/0", ...rest });

const onBranch = { code: "workspace", field: "branch" };

describe("publish", () => {
  it("brings the tree to a new branch, on the base, as the user, saying whose effect it is", async () => {
    const { repository, session, base } = await opened();
    const tree = await treeWith(session, "two\n");
    const { commit, branch } = await publish(session, tree);
    expect(branch).toBe("out");
    expect(repository.git("show", "-s", "--format=%H %T %P %an <%ae> %cn", "out")).toBe(
      `${commit} ${tree} ${base} Ada <ada@example.org> Ada`,
    );
    expect(repository.git("show", "-s", "--format=%(trailers:only,unfold)", "out").trim()).toBe(
      "Loopwright-Run: run-1\nLoopwright-Effect: run-1/1/0",
    );
    expect(repository.git("show", "-s", "--format=%s", "out")).toBe("Change a");
    expect(repository.git("fsck", "--full", "--strict")).not.toMatch(/missing|error/);
  });

  it("has objects and branch on disk before it says so", async () => {
    const { session } = await opened();
    const tree = await treeWith(session, "two\n");
    const home = tempDirectory("home");
    const trace = join(home, "trace");
    writeFiles(home, { ".gitconfig": `[trace2]\n\teventTarget = ${trace}\n` });
    vi.stubEnv("HOME", home);
    vi.stubEnv("XDG_CONFIG_HOME", "");
    onTestFinished(() => void vi.unstubAllEnvs());
    await publish(session, tree);
    const events = readFileSync(trace, "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    const flushing = new Set(
      events.filter(({ key }) => key === "fsync/hardware-flush").map(({ sid }) => sid),
    );
    const names = events
      .filter(({ event, sid }) => event === "cmd_name" && flushing.has(sid))
      .map(({ name }) => name);
    expect(names).toEqual(["unpack-objects", "update-ref"]);
  });

  it("leaves the user's checkout, HEAD and index alone, and runs no hook", async () => {
    const { repository, session } = await opened();
    for (const hook of [
      "reference-transaction",
      "post-commit",
      "pre-commit",
      "update",
      "post-index-change",
    ]) {
      writeFiles(repository.path, {
        [`.git/hooks/${hook}`]: { text: "#!/bin/sh\ntouch ../ran ran\nexit 1\n", mode: 0o755 },
      });
    }
    await publish(session, await treeWith(session, "two\n"));
    expect(repository.git("status", "--porcelain", "--branch")).toBe("## main");
    expect(repository.git("rev-parse", "--abbrev-ref", "HEAD")).toBe("main");
  });

  it("outlives the workspace", async () => {
    const { repository, session } = await opened();
    await publish(session, await treeWith(session, "two\n"));
    await session.close();
    expect(repository.git("show", "out:a.txt")).toBe("two");
    expect(repository.git("fsck", "--full")).not.toMatch(/missing|error/);
  });

  it("stacks a second effect on the first of the same run", async () => {
    const { repository, session, base } = await opened();
    const first = await publish(session, await treeWith(session, "two\n"));
    const second = await publish(session, await treeWith(session, "three\n"), { key: "run-1/2/0" });
    expect(repository.git("rev-list", "--first-parent", "out").split("\n")).toEqual([
      second.commit,
      first.commit,
      base,
    ]);
  });

  it("finds its commit when it is called again with the same key", async () => {
    const { repository, session } = await opened();
    const tree = await treeWith(session, "two\n");
    const first = await publish(session, tree);
    await publish(session, await treeWith(session, "three\n"), { key: "run-1/2/0" });
    expect(await publish(session, tree)).toEqual(first);
    expect(repository.git("rev-list", "--count", "out")).toBe("3");
  });

  it("makes one commit when two attempts with one key run at once", async () => {
    const { repository, session } = await opened();
    const tree = await treeWith(session, "two\n");
    const results = await Promise.allSettled([1, 2, 3].map(() => publish(session, tree)));
    const head = repository.git("rev-parse", "out");
    expect(
      results.map((result) => (result.status === "fulfilled" ? result.value.commit : result.reason)),
    ).toEqual([head, head, head]);
    expect(repository.git("rev-list", "--count", "out")).toBe("2");
  });

  it("refuses the same key for another tree", async () => {
    const { session } = await opened();
    await publish(session, await treeWith(session, "two\n"));
    await expect(publish(session, await treeWith(session, "three\n"))).rejects.toMatchObject(onBranch);
  });

  it("refuses a branch that somebody else made, and leaves it as it is", async () => {
    const { repository, session } = await opened();
    repository.git("checkout", "--quiet", "-b", "out");
    const foreign = repository.commit({ "b.txt": "theirs\n" });
    repository.git("checkout", "--quiet", "main");
    await expect(publish(session, await treeWith(session, "two\n"))).rejects.toMatchObject(onBranch);
    expect(repository.git("rev-parse", "out")).toBe(foreign);
  });

  it("refuses a branch that somebody moved on after its own commit", async () => {
    const { repository, session } = await opened();
    await publish(session, await treeWith(session, "two\n"));
    repository.git("checkout", "--quiet", "out");
    repository.commit({ "b.txt": "theirs\n" });
    repository.git("checkout", "--quiet", "main");
    const again = publish(session, await treeWith(session, "three\n"), { key: "run-1/2/0" });
    await expect(again).rejects.toMatchObject(onBranch);
  });

  it("refuses the commit of another run with the same words", async () => {
    const { repository, session } = await opened();
    const other = await openWorkspace(repository, { runId: "run-10" });
    await publish(other, await treeWith(other, "ten\n"), { key: "run-10/1/0" });
    await expect(publish(session, await treeWith(session, "two\n"))).rejects.toMatchObject(onBranch);
  });

  it("takes a branch that stands at the base", async () => {
    const { repository, session, base } = await opened();
    repository.git("branch", "out");
    const { commit } = await publish(session, await treeWith(session, "two\n"));
    expect(repository.git("rev-list", "out").split("\n")).toEqual([commit, base]);
  });

  it.each(["main", "elsewhere"])("refuses %s, which is checked out", async (branch) => {
    const { repository, session, scratch, base } = await opened();
    repository.git("worktree", "add", "--quiet", "-b", "elsewhere", join(scratch, "theirs"));
    const refused = publish(session, await treeWith(session, "two\n"), { branch });
    await expect(refused).rejects.toMatchObject({
      ...onBranch,
      message: expect.stringContaining("checked out"),
    });
    expect(repository.git("rev-parse", branch)).toBe(base);
  });

  it("refuses the branch that a repository without a commit is on", async () => {
    const repository = makeRepository();
    const session = await openWorkspace(repository);
    const refused = publish(session, await treeWith(session, "two\n"), { branch: "main" });
    await expect(refused).rejects.toMatchObject(onBranch);
  });

  it("refuses to commit what the branch already has", async () => {
    const { session } = await opened();
    await expect(publish(session, session.base.tree)).rejects.toMatchObject({
      code: "workspace",
      field: "tree",
    });
    const tree = await treeWith(session, "two\n");
    await publish(session, tree);
    await expect(publish(session, tree, { key: "run-1/2/0" })).rejects.toMatchObject({ field: "tree" });
  });

  it("refuses a tree that does not exist", async () => {
    const { repository, session } = await opened();
    await expect(publish(session, "1".repeat(40))).rejects.toMatchObject({ code: "workspace" });
    expect(repository.git("branch", "--list", "out")).toBe("");
  });

  it("does nothing once it is aborted", async () => {
    const { repository, session } = await opened();
    const tree = await treeWith(session, "two\n");
    await expect(publish(session, tree, { signal: AbortSignal.abort() })).rejects.toThrow();
    expect(repository.git("branch", "--list", "out")).toBe("");
  });

  it("commits as Loopwright where git was not told who the user is", async () => {
    const repository = makeRepository({ "a.txt": "one\n" });
    repository.git("config", "--unset", "user.name");
    repository.git("config", "--unset", "user.email");
    const before = process.env.HOME;
    process.env.HOME = makeScratch();
    try {
      const session = await openWorkspace(repository);
      await publish(session, await treeWith(session, "two\n"));
    } finally {
      process.env.HOME = before;
    }
    expect(repository.git("show", "-s", "--format=%an <%ae>", "out")).toBe(
      "Loopwright <loopwright@localhost>",
    );
  });
});

describe("a crash while publishing", () => {
  it("between objects and branch leaves the effect absent, and a new attempt makes it", async () => {
    const { repository, scratch, session } = await opened();
    const tree = await treeWith(session, "two\n");
    // The last step alone fails, as after a kill: the branch's lock is held.
    writeFileSync(join(repository.path, ".git/refs/heads/out.lock"), "");
    await expect(publish(session, tree)).rejects.toMatchObject({ code: "workspace" });
    rmSync(join(repository.path, ".git/refs/heads/out.lock"));
    expect(repository.git("cat-file", "-t", tree)).toBe("tree");
    const again = await openWorkspace(repository, { scratch });
    expect(await gitOf(again).findPublished("out", "run-1/1/0")).toBeNull();
    const { commit } = await publish(again, tree);
    expect(await gitOf(again).findPublished("out", "run-1/1/0")).toEqual({ commit, tree });
    expect(repository.git("rev-list", "--count", "out")).toBe("2");
  });

  it("after the branch moved leaves the effect found, and a new attempt adds nothing", async () => {
    const { repository, scratch, session } = await opened();
    const tree = await treeWith(session, "two\n");
    const { commit } = await publish(session, tree);
    const again = await openWorkspace(repository, { scratch });
    expect(await gitOf(again).findPublished("out", "run-1/1/0")).toEqual({ commit, tree });
    expect((await publish(again, tree)).commit).toBe(commit);
    expect(repository.git("rev-list", "--count", "out")).toBe("2");
  });
});

describe("findPublished", () => {
  it("finds nothing on a branch that is not there, nor under another key", async () => {
    const { session } = await opened();
    expect(await gitOf(session).findPublished("out", "run-1/1/0")).toBeNull();
    await publish(session, await treeWith(session, "two\n"), { key: "run-1/1/01" });
    expect(await gitOf(session).findPublished("out", "run-1/1/0")).toBeNull();
  });

  it("finds it below commits that somebody added, and after the base was left behind", async () => {
    const { repository, session } = await opened();
    const tree = await treeWith(session, "two\n");
    const { commit } = await publish(session, tree);
    repository.git("checkout", "--quiet", "out");
    repository.commit({ "b.txt": "theirs\n" });
    expect(await gitOf(session).findPublished("out", "run-1/1/0")).toEqual({ commit, tree });
  });

  it("finds it wherever somebody took it, after the branch is gone", async () => {
    const { repository, session } = await opened();
    const tree = await treeWith(session, "two\n");
    const { commit } = await publish(session, tree);
    repository.commit({ "b.txt": "theirs\n" });
    repository.git("merge", "--quiet", "--no-edit", "out");
    repository.git("branch", "--delete", "--force", "out");
    expect(await gitOf(session).findPublished("out", "run-1/1/0")).toEqual({ commit, tree });
    expect(await gitOf(session).findPublished("out", "run-1/1/1")).toBeNull();
  });

  it("finds nothing in a repository without a commit, or past refs that lead nowhere", async () => {
    const empty = await openWorkspace(makeRepository());
    expect(await gitOf(empty).findPublished("out", "run-1/1/0")).toBeNull();
    const { repository, session } = await opened();
    repository.git("symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/gone");
    expect(await gitOf(session).findPublished("out", "run-1/1/0")).toBeNull();
  });

  it("does not believe a message that only mentions the key", async () => {
    const { repository, session } = await opened();
    repository.git("checkout", "--quiet", "-b", "out");
    repository.commit({ "b.txt": "b\n" }, "I quote:\n\nLoopwright-Effect: run-1/1/0\n\nand more");
    expect(await gitOf(session).findPublished("out", "run-1/1/0")).toBeNull();
  });

  it("refuses what is no name for a branch", async () => {
    const { session } = await opened();
    await expect(gitOf(session).findPublished("a..b", "run-1/1/0")).rejects.toMatchObject(onBranch);
  });
});
