import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { removeSpecials } from "../../../src/workspaces/specials.ts";
import { filesIn, makeRepository, openWorkspace, writeFiles } from "../../helpers/repository.ts";
import { tempDirectory } from "../../helpers/temp.ts";

const pipe = (...path: string[]): void => void execFileSync("mkfifo", [join(...path)]);

// With nobody at the other end, git waits for ever to read one of these.
const waitedFor = [".gitignore", ".gitattributes", ".gitmodules", "sub/.gitignore"];

describe("removeSpecials", () => {
  it("removes pipes and sockets, odd names too, and leaves files, folders and links", async () => {
    const directory = tempDirectory("specials");
    const files = {
      "a.txt": "a",
      "sub/b.txt": "b",
      link: { link: "a.txt" },
      "out/link": { link: "/dev/null" },
    };
    writeFiles(directory, files);
    const before = filesIn(directory);
    const names = ["pipe", "-rf", "new\nline", "sub/é *?[x]\\"];
    for (const name of names) pipe(directory, name);
    const listen =
      'require("net").createServer().listen(process.argv[1], () => process.kill(process.pid, 9))';
    expect(() => execFileSync(process.execPath, ["-e", listen, "socket"], { cwd: directory })).toThrow();
    expect(existsSync(join(directory, "socket"))).toBe(true);
    await removeSpecials({ directory, except: [] });
    expect(filesIn(directory)).toEqual(before);
  });

  it("does not search what is excepted, and only that", async () => {
    const directory = tempDirectory("specials");
    for (const folder of ["kept*", "kept", "sub/kept*"]) {
      mkdirSync(join(directory, folder), { recursive: true });
      pipe(directory, folder, "pipe");
    }
    await removeSpecials({ directory, except: ["kept*"] });
    const left = ["kept*", "kept", "sub/kept*"].filter((folder) =>
      existsSync(join(directory, folder, "pipe")),
    );
    expect(left).toEqual(["kept*"]);
  });
});

describe("a workspace in which the agent left pipes", () => {
  it("is written as a tree without them, soon", async () => {
    const session = await openWorkspace(makeRepository({ "a.txt": "a\n", "sub/b.txt": "b\n" }));
    for (const name of waitedFor) pipe(session.path, name);
    mkdirSync(join(session.path, "nested/.git/objects"), { recursive: true });
    mkdirSync(join(session.path, "nested/.git/refs"));
    pipe(session.path, "nested/.git/HEAD");
    expect(await session.snapshot()).toBe(session.base.tree);
  });

  it("has lost a file in whose place one stands, and gets it back", async () => {
    const session = await openWorkspace(makeRepository({ "a.txt": "a\n", "sub/b.txt": "b\n" }));
    writeFiles(session.path, { "a.txt": null });
    pipe(session.path, "a.txt");
    const tree = await session.snapshot();
    expect(await session.changes(session.base.tree, tree)).toMatchObject([
      { kind: "deleted", path: "a.txt" },
    ]);
    pipe(session.path, "a.txt");
    await session.restore(session.base.tree);
    expect(filesIn(session.path)).toEqual({ "a.txt": "a\n", "sub/b.txt": "b\n" });
  });

  it("can still be checked: a check that leaves one does not stop its digest", async () => {
    const session = await openWorkspace(makeRepository({ "a.txt": "a\n" }));
    const checkout = await session.checkout(session.base.tree);
    pipe(checkout.path, ".gitignore");
    expect(await checkout.digest()).toBe(checkout.tree);
    writeFileSync(join(checkout.path, ".gitignore"), "a.txt\n");
    expect(await checkout.digest()).not.toBe(checkout.tree);
  });
});
