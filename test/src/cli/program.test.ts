import { expect, test } from "vitest";
import { LoopwrightError } from "../../../src/base/errors.ts";
import { version } from "../../../src/base/version.ts";
import { exitCodes } from "../../../src/cli/exit-codes.ts";
import { contract, openStage } from "./stage.ts";

test("documents every exit code in its help", async () => {
  const { code, out } = await openStage().run("--help");
  expect(code).toBe(0);
  for (const { meaning } of Object.values(exitCodes)) expect(out).toContain(meaning);
});

test("prints its version", async () => {
  expect(await openStage().run("--version")).toMatchObject({ code: 0, out: `${version}\n` });
});

test("shows help and fails when no command is given", async () => {
  const { code, err } = await openStage().run();
  expect(code).toBe(2);
  expect(err).toContain("Usage: loopwright");
});

test("suggests the command that was meant", async () => {
  const { code, err } = await openStage().run("resum", "7");
  expect(code).toBe(2);
  expect(err).toContain("Did you mean resume?");
});

test("shows the stack of an internal error only when asked", async () => {
  const loadContractModule = () => Promise.reject(new Error("broken \u001b[31m"));
  const short = await openStage({ loadContractModule }).run("check", "x");
  expect(short).toMatchObject({
    code: 1,
    err: expect.stringContaining("internal error: broken \\u{1b}[31m"),
  });
  expect(short.err).not.toContain("program.test.ts");
  expect((await openStage({ loadContractModule, debug: true }).run("check", "x")).err).toContain(
    "program.test.ts",
  );
});

test("reports an error for a person on the error stream, and as JSON where that was asked for", async () => {
  const error = new LoopwrightError({
    code: "store",
    field: "--store",
    message: "the store is locked",
    fix: "wait",
  });
  const { run } = openStage({ openEngine: () => Promise.reject(error) });
  expect(await run("list")).toEqual({
    code: 2,
    out: "",
    err: "error: the store is locked\n  at:  --store\n  fix: wait\n",
  });
  const { out } = await run("run", contract("counter"), "--goal", "x", "--json");
  expect(JSON.parse(out)).toEqual({
    kind: "error",
    code: "store",
    field: "--store",
    message: "the store is locked",
    fix: "wait",
  });
});
