import { mkdirSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  type Files,
  filesIn,
  gitIn,
  makeRepository,
  openWorkspace,
  type Repository,
  writeFiles,
} from "../../helpers/repository.ts";

const open = async (files: Files = { "a.txt": "one\n" }) => {
  const repository = makeRepository(files);
  const session = await openWorkspace(repository);
  return { repository, session, write: (written: Files) => writeFiles(session.path, written) };
};

const listed = (session: { path: string }, tree: string): string[] =>
  gitIn(join(session.path, "../gate.git"), "ls-tree", "-r", tree).split("\n").filter(Boolean);

/** A repository inside a folder, with one commit. */
function nest(path: string, files: Files): void {
  mkdirSync(path, { recursive: true });
  gitIn(path, "init", "--quiet");
  writeFiles(path, files);
  gitIn(path, "add", "--all");
  gitIn(path, "-c", "user.name=n", "-c", "user.email=n@n", "commit", "--quiet", "-m", "Nested");
}

describe("writeTree and readTree", () => {
  it("keep executable bits, links as links, and empty files", async () => {
    const { session, write } = await open();
    write({
      run: { text: "#!/bin/sh\n", mode: 0o755 },
      out: { link: "/etc/passwd" },
      up: { link: "../../.." },
      empty: "",
    });
    const tree = await session.snapshot();
    expect(listed(session, tree).map((line) => line.replace(/ blob .*\t/, " "))).toEqual([
      "100644 a.txt",
      "100644 empty",
      "120000 out",
      "100755 run",
      "120000 up",
    ]);
    const files = filesIn(session.path);
    await session.restore(session.base.tree);
    await session.restore(tree);
    expect(filesIn(session.path)).toEqual(files);
    expect(await session.snapshot()).toBe(tree);
  });

  it("see a changed mode alone", async () => {
    const { session, write } = await open();
    write({ "a.txt": { text: "one\n", mode: 0o755 } });
    const tree = await session.snapshot();
    expect(await session.changes(session.base.tree, tree)).toEqual([
      { kind: "mode", path: "a.txt", oldMode: "100644", newMode: "100755" },
    ]);
  });

  it("keep odd names: newline, quote, glob, leading dash, spaces, other scripts", async () => {
    const { session, write } = await open();
    const odd = [
      "new\nline",
      'q"uote',
      "*",
      "[a]",
      "-rf",
      " lead and trail ",
      "日本/é",
      ":(top)x",
      "tab\there",
      "a\\b",
    ];
    write(Object.fromEntries(odd.map((name) => [name, name])));
    const [tree, files] = [await session.snapshot(), filesIn(session.path)];
    await session.restore(session.base.tree);
    expect(filesIn(session.path)).toEqual({ "a.txt": "one\n" });
    const checkout = await session.checkout(tree);
    expect(filesIn(checkout.path)).toEqual(files);
    expect(await checkout.digest()).toBe(tree);
    const added = (await session.changes(session.base.tree, tree)).map(({ path }) => path);
    expect(added.toSorted()).toEqual(odd.toSorted());
  });

  it("keep names that are not text", async () => {
    const { session } = await open();
    const name = Buffer.concat([Buffer.from(`${session.path}/x`), Buffer.from([0xff, 0xfe])]);
    writeFileSync(name, "bytes");
    const tree = await session.snapshot();
    await session.restore(session.base.tree);
    await session.restore(tree);
    const names = readdirSync(session.path, { encoding: "buffer" }).map((each) => each.toString("latin1"));
    expect(names.toSorted()).toEqual([".git", "a.txt", "x\u00ff\u00fe"]);
  });

  it("take the files of a repository that the agent made, however deep", async () => {
    const { session } = await open();
    nest(join(session.path, "inner"), { "x.txt": "x\n" });
    nest(join(session.path, "inner/deeper/still"), { "y.txt": "y\n" });
    mkdirSync(join(session.path, "fresh"));
    gitIn(join(session.path, "fresh"), "init", "--quiet");
    writeFiles(session.path, { "fresh/z.txt": "z\n" });
    const tree = await session.snapshot();
    expect(listed(session, tree).map((line) => line.split("\t")[1])).toEqual([
      "a.txt",
      "fresh/z.txt",
      "inner/deeper/still/y.txt",
      "inner/x.txt",
    ]);
    expect(await session.snapshot()).toBe(tree);
    await session.restore(session.base.tree);
    expect(await session.snapshot()).toBe(session.base.tree);
    await session.restore(tree);
    expect(await session.snapshot()).toBe(tree);
  });

  it("honour ignore rules of the project and of the user's own exclude file", async () => {
    const repository = makeRepository({ ".gitignore": "*.log\n!keep.log\n", "sub/.gitignore": "*.tmp\n" });
    writeFileSync(join(repository.path, ".git/info/exclude"), "secret*\n");
    const session = await openWorkspace(repository);
    writeFiles(session.path, { "a.log": "", "keep.log": "", "sub/x.tmp": "", "y.tmp": "", "secret.txt": "" });
    const tree = await session.snapshot();
    const added = (await session.changes(session.base.tree, tree)).map(({ path }) => path);
    expect(added).toEqual(["keep.log", "y.tmp"]);
    expect(gitIn(session.path, "status", "--porcelain").split("\n")).toEqual(["?? keep.log", "?? y.tmp"]);
  });

  it("keep what is tracked though it is ignored", async () => {
    const repository = makeRepository();
    repository.write({ ".gitignore": "*.log\n", "kept.log": "kept\n" });
    repository.git("add", "--force", "--all");
    repository.commit({});
    const session = await openWorkspace(repository);
    expect(await session.snapshot()).toBe(session.base.tree);
    writeFiles(session.path, { "kept.log": null });
    const tree = await session.snapshot();
    await session.restore(session.base.tree);
    expect(filesIn(session.path)["kept.log"]).toBe("kept\n");
    await session.restore(tree);
    expect(filesIn(session.path)["kept.log"]).toBeUndefined();
    expect(await session.snapshot()).toBe(tree);
  });

  it("restore over files that become ignored or cease to be", async () => {
    const { session, write } = await open();
    write({ "x.log": "visible\n" });
    const visible = await session.snapshot();
    write({ ".gitignore": "*.log\n" });
    const hidden = await session.snapshot();
    await session.restore(visible);
    expect(filesIn(session.path)).toEqual({ "a.txt": "one\n", "x.log": "visible\n" });
    await session.restore(hidden);
    expect(await session.snapshot()).toBe(hidden);
  });

  it("write files byte by byte, whatever attributes the project has", async () => {
    const files = {
      ".gitattributes": "* text=auto eol=crlf\n*.bin filter=lfs\n",
      "a.txt": "one\ntwo\n",
      "b.bin": "b\r\n",
    };
    const { session } = await open(files);
    const tree = await session.snapshot();
    expect(tree).toBe(session.base.tree);
    const checkout = await session.checkout(tree);
    expect(filesIn(checkout.path)["a.txt"]).toBe("one\ntwo\n");
  });

  it("refuse names that git would take for a repository of its own, and can go back", async () => {
    const { session, write } = await open();
    write({ "sub/.GIT/config": "x" });
    await expect(session.snapshot()).rejects.toMatchObject({
      code: "workspace",
      message: expect.stringContaining(".GIT"),
    });
    await session.restore(session.base.tree);
    expect(await session.snapshot()).toBe(session.base.tree);
  });

  it("do not write through a link that stands for a folder", async () => {
    const { session } = await open({ "src/a.txt": "one\n" });
    const outside = join(session.path, "../outside");
    mkdirSync(outside);
    rmSync(join(session.path, "src"), { recursive: true });
    symlinkSync("../outside", join(session.path, "src"));
    const tree = await session.snapshot();
    expect(listed(session, tree)).toHaveLength(1);
    await session.restore(session.base.tree);
    expect(readdirSync(outside)).toEqual([]);
    expect(filesIn(session.path)).toEqual({ "src/a.txt": "one\n" });
    expect(filesIn((await session.checkout(tree)).path)).toEqual({ src: "-> ../outside" });
  });
});

describe("submodules", () => {
  const withSubmodule = (): Repository => {
    const library = makeRepository({ "lib.txt": "lib\n" });
    const repository = makeRepository({ "a.txt": "one\n" });
    repository.git(
      "-c",
      "protocol.file.allow=always",
      "submodule",
      "--quiet",
      "add",
      library.path,
      "libs/sub",
    );
    repository.commit({});
    return repository;
  };

  it("stay as in the base, as empty folders", async () => {
    const session = await openWorkspace(withSubmodule());
    expect(await session.snapshot()).toBe(session.base.tree);
    expect(readdirSync(join(session.path, "libs/sub"))).toEqual([]);
    expect(gitIn(session.path, "status", "--porcelain")).toBe("");
    writeFiles(session.path, { "a.txt": "two\n" });
    const tree = await session.snapshot();
    expect((await session.changes(session.base.tree, tree)).map(({ path }) => path)).toEqual(["a.txt"]);
    const checkout = await session.checkout(tree, { restoreFromBase: ["libs/**"] });
    expect(await checkout.digest()).toBe(tree);
    expect(readdirSync(join(checkout.path, "libs/sub"))).toEqual([]);
  });

  it("run nothing that lies in them", async () => {
    const session = await openWorkspace(withSubmodule());
    const inner = join(session.path, "libs/sub");
    nest(inner, { "x.txt": "x\n" });
    gitIn(inner, "config", "core.fsmonitor", `touch ${session.path}/../executed; false`);
    await session.snapshot();
    await session.restore(session.base.tree);
    expect(readdirSync(join(session.path, ".."))).not.toContain("executed");
  });

  it("go when the agent removes them, and come back", async () => {
    const session = await openWorkspace(withSubmodule());
    rmSync(join(session.path, "libs"), { recursive: true });
    const tree = await session.snapshot();
    expect(await session.changes(session.base.tree, tree)).toEqual([
      { kind: "deleted", path: "libs/sub", oldMode: "160000", newMode: null },
    ]);
    await session.restore(session.base.tree);
    expect(await session.snapshot()).toBe(session.base.tree);
  });

  it("do not hide a link or a file in their place", async () => {
    const session = await openWorkspace(withSubmodule());
    renameSync(join(session.path, "libs"), join(session.path, "moved"));
    symlinkSync("moved", join(session.path, "libs"));
    const tree = await session.snapshot();
    expect(listed(session, tree).some((line) => line.startsWith("120000") && line.endsWith("\tlibs"))).toBe(
      true,
    );
    rmSync(join(session.path, "libs"));
    writeFiles(session.path, { "libs/sub": "a file\n" });
    expect(
      listed(session, await session.snapshot()).some(
        (line) => line.startsWith("100644") && line.endsWith("\tlibs/sub"),
      ),
    ).toBe(true);
    await session.restore(session.base.tree);
    expect(await session.snapshot()).toBe(session.base.tree);
  });
});
