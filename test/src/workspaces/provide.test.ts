import { execFileSync } from "node:child_process";
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { copyWhole, leadsStraight, linkProvided } from "../../../src/workspaces/provide.ts";
import {
  type Files,
  makeRepository,
  makeScratch,
  openWorkspace,
  writeFiles,
} from "../../helpers/repository.ts";
import { tempDirectory } from "../../helpers/temp.ts";

const modules: Files = {
  "node_modules/left/package.json": '{"name":"left","main":"index.js"}',
  "node_modules/left/index.js": 'module.exports = "left and " + require("@scope/right");',
  "node_modules/@scope/right/index.js": 'module.exports = "right";',
  "node_modules/.bin/tool": { text: "#!/bin/sh\necho tool\n", mode: 0o755 },
};

const opened = async (options: Parameters<typeof openWorkspace>[1] = {}) => {
  const repository = makeRepository({
    ".gitignore": "node_modules\n",
    "index.js": 'console.log(require("left"));\n',
  });
  repository.write(modules);
  const scratch = makeScratch();
  const session = await openWorkspace(repository, { scratch, ...options });
  return { repository, scratch, session };
};

const runNode = (directory: string): string =>
  execFileSync(process.execPath, ["index.js"], { cwd: directory, encoding: "utf8" }).trim();

describe("what is provided", () => {
  it("serves agent and checks, and is no part of any tree", async () => {
    const { session } = await opened();
    expect(runNode(session.path)).toBe("left and right");
    const checkout = await session.checkout(await session.snapshot());
    expect(runNode(checkout.path)).toBe("left and right");
    expect(execFileSync(join(checkout.path, "node_modules/.bin/tool"), { encoding: "utf8" })).toBe("tool\n");
    expect(await checkout.digest()).toBe(session.base.tree);
  });

  it("keeps checks from what the agent did to its own copy", async () => {
    const { session, repository } = await opened();
    writeFiles(session.path, {
      "node_modules/left/index.js": 'module.exports = "forged";',
      "node_modules/more/index.js": "",
    });
    expect(runNode(session.path)).toBe("forged");
    const tree = await session.snapshot();
    expect(tree).toBe(session.base.tree);
    const checkout = await session.checkout(tree);
    expect(runNode(checkout.path)).toBe("left and right");
    expect(readdirSync(join(checkout.path, "node_modules"))).not.toContain("more");
    expect(runNode(repository.path)).toBe("left and right");
  });

  it("lets a check add entries that no other check sees", async () => {
    const { session } = await opened();
    const [one, other] = await Promise.all([
      session.checkout(session.base.tree),
      session.checkout(session.base.tree),
    ]);
    writeFiles(one.path, { "node_modules/.cache/x": "x" });
    expect(existsSync(join(other.path, "node_modules/.cache"))).toBe(false);
    expect(await one.digest()).toBe(session.base.tree);
    await one.dispose();
    expect(runNode(other.path)).toBe("left and right");
  });

  it("stays out of trees where no ignore rule names it", async () => {
    const repository = makeRepository({ "a.txt": "one\n" });
    repository.write({ "deps[1]/x.js": "x" });
    const session = await openWorkspace(repository, { provide: ["deps[1]"] });
    expect(await session.snapshot()).toBe(session.base.tree);
    writeFiles(session.path, { "deps[1]/y.js": "y", "deps1/z.js": "z" });
    const tree = await session.snapshot();
    expect((await session.changes(session.base.tree, tree)).map(({ path }) => path)).toEqual(["deps1/z.js"]);
    const checkout = await session.checkout(tree);
    expect(readdirSync(join(checkout.path, "deps[1]"))).toEqual(["x.js"]);
    expect(await checkout.digest()).toBe(tree);
  });

  it("leaves what is tracked to the tree", async () => {
    const repository = makeRepository({ "vendor/x.js": "x\n" });
    const session = await openWorkspace(repository, { provide: ["vendor"] });
    writeFiles(session.path, { "vendor/x.js": "y\n" });
    expect(await session.snapshot()).not.toBe(session.base.tree);
  });

  it("comes back when the agent deleted it, and the workspace is restored", async () => {
    const { session } = await opened();
    rmSync(join(session.path, "node_modules"), { recursive: true });
    writeFiles(session.path, { "index.js": "// nothing\n" });
    await session.restore(session.base.tree);
    expect(runNode(session.path)).toBe("left and right");
  });

  it("is copied once, from where a link of the user leads", async () => {
    const repository = makeRepository({
      ".gitignore": "node_modules\n",
      "index.js": 'console.log(require("left"));\n',
    });
    const store = tempDirectory("store");
    writeFiles(store, modules);
    symlinkSync(join(store, "node_modules"), join(repository.path, "node_modules"));
    const scratch = makeScratch();
    const session = await openWorkspace(repository, { scratch });
    rmSync(store, { recursive: true });
    expect(runNode((await session.checkout(session.base.tree)).path)).toBe("left and right");
    expect(runNode((await openWorkspace(repository, { scratch })).path)).toBe("left and right");
  });

  it("is not written through a link that the agent put in its way", async () => {
    const repository = makeRepository({ ".gitignore": "node_modules\n", "packages/a/x.js": "x\n" });
    repository.write({ "packages/a/node_modules/p/index.js": "p" });
    const session = await openWorkspace(repository, { provide: ["packages/a/node_modules"] });
    const outside = tempDirectory("outside");
    mkdirSync(join(outside, "a"));
    rmSync(join(session.path, "packages"), { recursive: true });
    symlinkSync(outside, join(session.path, "packages"));
    const tree = await session.snapshot();
    const checkout = await session.checkout(tree);
    await session.restore(tree);
    expect(readdirSync(join(outside, "a"))).toEqual([]);
    expect(lstatSync(join(checkout.path, "packages")).isSymbolicLink()).toBe(true);
  });
});

describe("copyWhole", () => {
  it("keeps links, modes and times, and leaves nothing half-made", async () => {
    const spare = tempDirectory();
    writeFiles(spare, { "from/run": { text: "r", mode: 0o755 }, "from/link": { link: "run" } });
    await copyWhole({ from: join(spare, "from"), to: join(spare, "deep/to"), spare });
    expect(lstatSync(join(spare, "deep/to/run")).mode & 0o777).toBe(0o755);
    expect(lstatSync(join(spare, "deep/to/link")).isSymbolicLink()).toBe(true);
    expect(readdirSync(spare).toSorted()).toEqual(["deep", "from"]);
  });

  it("leaves nothing when it is aborted before, and refuses what cannot be copied", async () => {
    const spare = tempDirectory();
    writeFiles(spare, { "from/x": "x", file: "f" });
    const copy = { from: join(spare, "from"), to: join(spare, "to"), spare };
    await expect(copyWhole({ ...copy, signal: AbortSignal.abort() })).rejects.toThrow();
    await expect(copyWhole({ ...copy, spare: join(spare, "nowhere") })).rejects.toThrow();
    expect(readdirSync(spare).toSorted()).toEqual(["file", "from"]);
  });
});

describe("linkProvided", () => {
  it("makes links of a monorepo's own packages again instead of following them", async () => {
    const root = realpathSync(tempDirectory());
    writeFiles(root, {
      "provided/node_modules/own": { link: "../packages/own" },
      "checkout/packages/own/index.js": "theirs",
    });
    await linkProvided(join(root, "provided/node_modules"), join(root, "checkout/node_modules"));
    expect(readFileSync(join(root, "checkout/node_modules/own/index.js"), "utf8")).toBe("theirs");
  });

  it("leaves alone what is there already, and links a single file", async () => {
    const root = tempDirectory();
    writeFiles(root, { "provided/x": "x", "there/y": "y", env: "secret" });
    await linkProvided(join(root, "provided"), join(root, "there"));
    expect(readdirSync(join(root, "there"))).toEqual(["y"]);
    await linkProvided(join(root, "env"), join(root, "new/env"));
    expect(readFileSync(join(root, "new/env"), "utf8")).toBe("secret");
  });
});

describe("leadsStraight", () => {
  it("sees links and files on the way, not at the end", async () => {
    const root = tempDirectory();
    writeFiles(root, { "a/b/c": "", link: { link: "a" } });
    writeFileSync(join(root, "file"), "");
    const paths = ["a/b/c", "x/y/z", "link", "link/b", "file/x", "a/b"];
    expect(await Promise.all(paths.map((path) => leadsStraight(root, path)))).toEqual([
      true,
      true,
      true,
      false,
      false,
      true,
    ]);
  });
});
