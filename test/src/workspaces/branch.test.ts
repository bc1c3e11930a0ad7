import { describe, expect, it } from "vitest";
import {
  commits,
  moveBranch,
  orUnknown,
  refuseCheckedOut,
  refuseName,
  tipOf,
} from "../../../src/workspaces/branch.ts";
import { makeRepository } from "../../helpers/repository.ts";

const onBranch = { code: "workspace", field: "branch" };

const moving = () => {
  const repository = makeRepository({ "a.txt": "one\n" });
  const first = repository.git("rev-parse", "HEAD");
  const second = repository.commit({ "a.txt": "two\n" });
  const move = (commit: string, tip: string | null, branch = "out") =>
    moveBranch({ top: repository.path, branch, commit, tip, key: "run-1/1/0" });
  return { repository, first, second, move, at: (name = "out") => tipOf(repository.path, name) };
};

describe("moveBranch", () => {
  it("moves a branch from where it is known to stand, and says why in the reflog", async () => {
    const { repository, first, second, move, at } = moving();
    expect(await move(first, null)).toBe(true);
    expect(await move(second, first)).toBe(true);
    expect(await at()).toBe(second);
    expect(repository.git("reflog", "-1", "--format=%gs", "out")).toBe("loopwright: run-1/1/0");
  });

  it("leaves a branch that stands elsewhere, or is there already", async () => {
    const { first, second, move, at } = moving();
    await move(second, null);
    expect(await move(first, null)).toBe(false);
    expect(await move(first, first)).toBe(false);
    expect(await at()).toBe(second);
  });

  it("takes a branch that is already where it should be for moved", async () => {
    const { second, move } = moving();
    await move(second, null);
    expect(await move(second, null)).toBe(true);
  });

  it("refuses a name below another branch, or above one", async () => {
    const { first, move } = moving();
    await move(first, null, "out/inner");
    await expect(move(first, null, "out")).rejects.toMatchObject(onBranch);
    await expect(move(first, null, "out/inner/more")).rejects.toMatchObject(onBranch);
  });

  it("throws in git's words, and not as a matter of the branch, when git could not do it", async () => {
    const { repository, first, move } = moving();
    repository.write({ ".git/refs/heads/out.lock": "" });
    const refusal = await move(first, null).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ code: "workspace", field: undefined });
    expect(String(refusal)).toContain("out.lock");
  });
});

describe("orUnknown", () => {
  it("turns a refusal into an error that leaves open what happened", async () => {
    const look = refuseName(makeRepository().path, "..");
    await expect(orUnknown("out", look)).rejects.not.toMatchObject({ code: "workspace" });
  });
});

describe("tipOf", () => {
  it("tells where a branch stands, or that there is none", async () => {
    const { second, at } = moving();
    expect([await at("main"), await at("nothing")]).toEqual([second, null]);
  });

  it("refuses a branch that is damaged, rather than taking it for none", async () => {
    const { repository, at } = moving();
    for (const content of [`${"1".repeat(40)}\n`, "garbage\n", ""]) {
      repository.write({ ".git/refs/heads/broken": content });
      await expect(at("broken")).rejects.toMatchObject(onBranch);
    }
  });

  it("does not take branches in a folder of that name for it", async () => {
    const { repository, at } = moving();
    repository.git("branch", "folder/inner");
    expect(await at("folder")).toBeNull();
  });

  it("refuses a name that stands for another ref", async () => {
    const { repository, at } = moving();
    repository.git("symbolic-ref", "refs/heads/alias", "refs/heads/main");
    await expect(at("alias")).rejects.toMatchObject(onBranch);
  });
});

describe("refuseName", () => {
  it.each(["", "a b", "a..b", "-x", "a.lock", "a~1", "/a", "a/", "@{u}", "a\nb", "a:b"])(
    "refuses %j",
    async (name) => {
      await expect(refuseName(makeRepository().path, name)).rejects.toMatchObject(onBranch);
    },
  );

  it("takes what git takes", async () => {
    for (const name of ["fix", "loopwright/run-1", "é", "a@b"]) await refuseName(makeRepository().path, name);
  });
});

describe("refuseCheckedOut", () => {
  it("refuses the branch of any worktree, and only that", async () => {
    const { repository } = moving();
    repository.git("worktree", "add", "--quiet", "-b", "other", "../other");
    await expect(refuseCheckedOut(repository.path, "main")).rejects.toMatchObject(onBranch);
    await expect(refuseCheckedOut(repository.path, "other")).rejects.toMatchObject(onBranch);
    await refuseCheckedOut(repository.path, "mai");
  });
});

describe("commits", () => {
  it("keeps messages whole, whatever is in them", async () => {
    const { repository } = moving();
    const message = "Subject\n\nBody with \u001e and é\n\nmore";
    const commit = repository.commit({ "b.txt": "b" }, message);
    const tree = repository.git("rev-parse", "HEAD^{tree}");
    expect(await commits(repository.path, ["--max-count=1", "HEAD"])).toEqual([
      { commit, tree, message: `${message}\n` },
    ]);
    expect(await commits(repository.path, ["HEAD"])).toHaveLength(3);
    expect(await commits(repository.path, ["HEAD", "^HEAD"])).toEqual([]);
  });
});
