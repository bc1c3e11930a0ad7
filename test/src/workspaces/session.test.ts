import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { clear } from "../../../src/workspaces/session.ts";
import { layoutOf } from "../../../src/workspaces/work.ts";
import { gitIn, makeRepository, makeScratch, openWorkspace, writeFiles } from "../../helpers/repository.ts";

describe("close", () => {
  it("removes what belongs to the workspace and nothing else of the run's scratch", async () => {
    const scratch = makeScratch();
    const session = await openWorkspace(makeRepository({ "a.txt": "one\n" }), { scratch });
    writeFileSync(join(scratch, "notes.txt"), "of somebody else");
    await session.close();
    expect(readdirSync(scratch)).toEqual(["notes.txt"]);
  });

  it("takes a linked worktree off the repository's list", async () => {
    const repository = makeRepository({ "a.txt": "one\n" });
    const session = await openWorkspace(repository, { linked: true });
    expect(repository.git("worktree", "list").split("\n")).toHaveLength(2);
    await session.close();
    expect(repository.git("worktree", "list").split("\n")).toHaveLength(1);
    expect(existsSync(session.path)).toBe(false);
  });

  it("leaves the user's repository byte for byte as it was", async () => {
    const repository = makeRepository({ "a.txt": "one\n" });
    const state = () => [
      repository.git("count-objects", "-v"),
      repository.git("for-each-ref"),
      repository.git("config", "--list", "--local"),
    ];
    const before = state();
    const session = await openWorkspace(repository);
    writeFiles(session.path, { "a.txt": "two\n" });
    const tree = await session.snapshot();
    await (await session.checkout(tree)).dispose();
    await session.close();
    expect(state()).toEqual(before);
    expect(gitIn(repository.path, "status", "--porcelain")).toBe("");
  });
});

describe("clear", () => {
  it("does not mind that nothing was made yet", async () => {
    const scratch = makeScratch();
    await clear(layoutOf(scratch));
    expect(readdirSync(scratch)).toEqual([]);
  });
});
