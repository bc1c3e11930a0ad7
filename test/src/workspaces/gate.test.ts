import { execFileSync } from "node:child_process";
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { cleanEnv, copyIndex } from "../../../src/workspaces/gate.ts";
import {
  filesIn,
  gitIn,
  gitOf,
  makeRepository,
  openWorkspace,
  writeFiles,
} from "../../helpers/repository.ts";
import { tempDirectory } from "../../helpers/temp.ts";

/** A workspace, and a program that leaves a mark when anything runs it. */
async function armed() {
  const repository = makeRepository({ "a.txt": "one\n", "b.dat": "two\n" });
  const session = await openWorkspace(repository);
  const mark = join(tempDirectory("mark"), "executed");
  const program = join(session.path, "../evil.sh");
  writeFileSync(program, `#!/bin/sh\ntouch '${mark}'\ncat\n`, { mode: 0o755 });
  const everything = async () => {
    writeFiles(session.path, { "a.txt": "changed\n", "b.dat": "changed\n", "c.dat": "new\n" });
    const tree = await session.snapshot();
    await session.changes(session.base.tree, tree);
    const diff = await session.diff(session.base.tree, tree);
    const checkout = await session.checkout(tree, { restoreFromBase: ["b.*"] });
    await checkout.digest();
    await checkout.dispose();
    await gitOf(session).publish({ tree, branch: "out", message: "Change", key: "run-1/1/0" });
    await session.restore(session.base.tree);
    await session.restore(tree);
    return { tree, diff };
  };
  return { repository, session, mark, program, everything, agentGit: join(session.path, ".git") };
}

const runs = (program: string): string => `[core]
	fsmonitor = ${program}
	hooksPath = ${program.replace(/[^/]*$/, "")}hooks
	sshCommand = ${program}
	pager = ${program}
	editor = ${program}
[filter "evil"]
	clean = ${program}
	smudge = ${program}
	process = ${program}
	required = true
[diff "evil"]
	textconv = ${program}
	command = ${program}
[diff]
	external = ${program}
[gpg]
	program = ${program}
[commit]
	gpgSign = true
`;

describe("the gate", () => {
  it("executes nothing that the agent wrote into the config of its repository", async () => {
    const { session, mark, program, everything, agentGit } = await armed();
    appendFileSync(join(agentGit, "config"), runs(program));
    writeFiles(session.path, {
      ".gitattributes": "*.dat filter=evil diff=evil\n[attr]binary filter=evil\n* binary\n",
    });
    for (const hooks of [join(agentGit, "hooks"), join(session.path, "../hooks")]) {
      const names = [
        "post-checkout",
        "pre-commit",
        "post-index-change",
        "reference-transaction",
        "post-commit",
      ];
      writeFiles(
        hooks,
        Object.fromEntries(names.map((name) => [name, { text: `#!${program}\n`, mode: 0o755 }])),
      );
    }
    await everything();
    expect(existsSync(mark)).toBe(false);
    // The trap is a real one: git run by hand in the agent's directory steps into it.
    try {
      gitIn(session.path, "status");
      gitIn(session.path, "add", "--all");
    } catch {}
    expect(existsSync(mark)).toBe(true);
  });

  it("shows what a .gitattributes would hide as binary", async () => {
    const { session, everything } = await armed();
    writeFiles(session.path, { ".gitattributes": "* -diff binary\n" });
    expect((await everything()).diff).toContain("+changed");
  });

  it("reads no object, index or ref that the agent put into its own repository", async () => {
    const { session, everything, agentGit } = await armed();
    const before = (await everything()).tree;
    const fake = makeRepository({ "fake.txt": "fake\n" });
    writeFileSync(join(agentGit, "objects/info/alternates"), `${fake.path}/.git/objects\n`);
    writeFileSync(join(agentGit, "index"), "garbage");
    writeFileSync(join(agentGit, "info/exclude"), "*\n");
    writeFileSync(join(agentGit, "info/attributes"), "* filter=evil\n");
    writeFiles(agentGit, { "refs/replace/x": "x", shallow: `${"1".repeat(40)}\n` });
    expect(await session.snapshot()).toBe(before);
    const foreign = fake.git("rev-parse", "HEAD^{tree}");
    await expect(session.checkout(foreign)).rejects.toMatchObject({ code: "workspace" });
  });

  it.each(["removed", "a file", "a link", "another repository's"])(
    "goes on when the agent's .git is %s",
    async (how) => {
      const { session, agentGit, everything, repository } = await armed();
      rmSync(agentGit, { recursive: true });
      if (how === "a file") writeFileSync(agentGit, `gitdir: ${repository.path}/.git\n`);
      if (how === "a link") symlinkSync(join(repository.path, ".git"), agentGit);
      if (how === "another repository's") gitIn(session.path, "init", "--quiet");
      const before = [
        readFileSync(join(repository.path, ".git/index"), "hex"),
        repository.git("rev-parse", "HEAD"),
      ];
      const { tree } = await everything();
      expect(await session.snapshot()).toBe(tree);
      await session.restore(session.base.tree);
      expect(gitIn(session.path, "status", "--porcelain")).toBe("");
      expect([
        readFileSync(join(repository.path, ".git/index"), "hex"),
        repository.git("rev-parse", "HEAD"),
      ]).toEqual(before);
      expect(repository.git("status", "--porcelain")).toBe("");
    },
  );

  it("takes nothing from the environment or a person's own configuration", async () => {
    const home = tempDirectory("home");
    writeFileSync(
      join(home, ".gitconfig"),
      "[core]\n\tautocrlf = true\n\tattributesFile = /nowhere\n[init]\n\tdefaultObjectFormat = sha256\n",
    );
    const seen = execFileSync("git", ["config", "--list"], {
      cwd: "/",
      env: { ...cleanEnv(), HOME: home },
      encoding: "utf8",
    });
    expect(seen).not.toContain("autocrlf");
    process.env.GIT_DIR = "/nowhere";
    process.env.GIT_INDEX_FILE = "/nowhere";
    try {
      const { session } = await armed();
      expect(await session.snapshot()).toBe(session.base.tree);
    } finally {
      delete process.env.GIT_DIR;
      delete process.env.GIT_INDEX_FILE;
    }
  });

  it("gives the agent a repository without remotes, hooks, branches or stash of the user", async () => {
    const repository = makeRepository({ "a.txt": "one\n" });
    repository.git("remote", "add", "origin", "https://example.org/x.git");
    repository.git("branch", "secret");
    repository.write({ "a.txt": "stashed\n" });
    repository.git("stash");
    const hook = join(repository.path, ".git/hooks/pre-commit");
    mkdirSync(join(hook, ".."), { recursive: true });
    writeFileSync(hook, "#!/bin/sh\nexit 1\n", { mode: 0o755 });
    const { path } = await openWorkspace(repository);
    expect(gitIn(path, "remote")).toBe("");
    expect(gitIn(path, "for-each-ref")).toBe("");
    expect(gitIn(path, "stash", "list")).toBe("");
    expect(gitIn(path, "rev-parse", "--git-common-dir")).toBe(".git");
    writeFiles(path, { "a.txt": "by the agent\n" });
    gitIn(path, "checkout", "--quiet", "-b", "mine");
    gitIn(path, "commit", "--quiet", "--all", "-m", "Mine");
    expect(gitIn(path, "log", "-1", "--format=%an")).toBe("Ada");
    expect(repository.git("branch", "--format=%(refname:short)").split("\n")).toEqual(["main", "secret"]);
  });

  it("keeps the history cut off where the user's is", async () => {
    const repository = makeRepository({ "a.txt": "one\n" });
    repository.commit({ "a.txt": "two\n" });
    const shallow = { path: join(tempDirectory("shallow"), "clone") };
    gitIn("/", "clone", "--quiet", "--depth=1", `file://${repository.path}`, shallow.path);
    const session = await openWorkspace(shallow);
    expect(gitIn(session.path, "log", "--oneline").split("\n")).toHaveLength(1);
    writeFiles(session.path, { "a.txt": "three\n" });
    const tree = await session.snapshot();
    await gitOf(session).publish({ tree, branch: "out", message: "Three", key: "run-1/1/0" });
    expect(gitIn(shallow.path, "show", "out:a.txt")).toBe("three");
    expect(filesIn(shallow.path)).toEqual({ "a.txt": "two\n" });
  });
});

describe("copyIndex", () => {
  it("keeps the time, rounded down, so that no change within it is missed", async () => {
    const root = tempDirectory();
    const [from, to] = [join(root, "from"), join(root, "to")];
    writeFileSync(from, "index");
    utimesSync(from, 1_000.9, 1_000.9);
    await copyIndex(from, to);
    expect([readFileSync(to, "utf8"), statSync(to).mtimeMs]).toEqual(["index", 1_000_000]);
  });
});
