import { describe, expect, it } from "vitest";
import { cleanEnv } from "../../../src/workspaces/gate.ts";
import {
  fromText,
  git,
  gitLine,
  lineOf,
  parts,
  toBytes,
  toText,
  tryGit,
} from "../../../src/workspaces/git.ts";
import { makeRepository } from "../../helpers/repository.ts";

const call = (args: readonly string[], cwd: string) => ({ args, cwd, env: cleanEnv() });

describe("git", () => {
  it("answers in bytes, or with the one line", async () => {
    const { path } = makeRepository({ "a.txt": "one\n" });
    expect(await git(call(["show", "HEAD:a.txt"], path))).toEqual(Buffer.from("one\n"));
    expect(await gitLine(call(["rev-parse", "--abbrev-ref", "HEAD"], path))).toBe("main");
  });

  it("refuses in git's words, naming the command and the place", async () => {
    const { path } = makeRepository();
    const refusal = git(call(["-c", "gc.auto=0", "show", "nothing"], path));
    await expect(refusal).rejects.toMatchObject({
      code: "workspace",
      message: expect.stringMatching(/^git show: fatal: ambiguous argument 'nothing'/),
      fix: expect.stringContaining(path),
    });
  });

  it("says what is missing when git cannot be started", async () => {
    const refusal = git({ args: ["version"], cwd: "/", env: { PATH: "/nowhere" } });
    await expect(refusal).rejects.toMatchObject({ code: "environment", field: "git" });
  });

  it("does not take a git that was killed for one that answered", async () => {
    const { path } = makeRepository();
    const killed = git(call(["-c", "alias.end=!kill -9 $PPID", "end"], path));
    await expect(killed).rejects.toThrow(/git end: was killed/);
  });
});

describe("tryGit", () => {
  it("leaves it to the caller what an exit code means", async () => {
    const { path } = makeRepository();
    expect((await tryGit(call(["show-ref", "--verify", "--quiet", "refs/heads/x"], path))).code).toBe(1);
  });

  it("cuts an answer only where a size was asked for", async () => {
    const { path } = makeRepository({ "a.txt": "0123456789".repeat(100_000) });
    const answer = await tryGit({ ...call(["show", "HEAD:a.txt"], path), bytesMax: 5 });
    expect(answer).toMatchObject({ stdout: Buffer.from("01234"), cut: true });
  });
});

describe("parts", () => {
  it("keeps names whole, whatever bytes they are made of", () => {
    const bytes = Buffer.from([0x61, 0xff, 0x0a, 0, 0x62, 0]);
    const names = parts(bytes);
    expect(names).toHaveLength(2);
    expect(toBytes(`${names.join("\0")}\0`)).toEqual(bytes);
    expect(parts(Buffer.from(""))).toEqual([]);
  });
});

describe("toText and fromText", () => {
  it("go between bytes and readable text", () => {
    expect(toText(fromText("é 日本"))).toBe("é 日本");
    expect(toText("a\u00ff")).toBe("a\ufffd");
  });
});

describe("lineOf", () => {
  it("takes off the one newline that git adds", () => {
    expect(lineOf(Buffer.from("a \n"))).toBe("a ");
    expect(lineOf(Buffer.from("a\n\n"))).toBe("a\n");
  });
});
