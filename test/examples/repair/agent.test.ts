import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { repairAgent } from "../../../examples/repair/agent/agent.ts";
import type { Feedback, TurnReply } from "../../../src/ports/agent.ts";
import type { Json } from "../../../src/ports/json.ts";
import { agentCases } from "../../conformance/agent.cases.ts";
import { act, makeProject, requestFor, testEnv } from "./play-loop.ts";

agentCases("repairAgent", {
  able: () => repairAgent({ env: testEnv }),
  endless: () => repairAgent({ testCommand: ["sleep", "1000"], env: testEnv }),
  failing: () => repairAgent({ testCommand: ["no-such-program"], env: testEnv }),
});

const made: string[] = [];
afterEach(() =>
  Promise.all(made.splice(0).map((directory) => rm(directory, { recursive: true, force: true }))),
);

const library = "export const isAdult = (age) => age > 18;\n";
const suite = `import assert from 'node:assert';
import { test } from 'node:test';
import { isAdult } from './age.mjs';
test('counts the birthday', () => assert.equal(isAdult(18), true));
test('refuses children', () => assert.equal(isAdult(5), false));
`;

async function project(files: Record<string, string>): Promise<string> {
  const directory = await makeProject(files);
  made.push(directory);
  return directory;
}

const agent = repairAgent({ env: testEnv });

const turn = (directory: string, memory: Json = null, feedback: Feedback[] = []): Promise<TurnReply> =>
  act(agent, requestFor(directory, { memory, feedback }));

const failed = (score: number | null, text = "it failed"): Feedback[] => [
  { kind: "verificationFailed", text, score },
];

describe("one turn", () => {
  it("writes one candidate and proposes it for a commit", async () => {
    const directory = await project({ "age.mjs": library, "age.test.mjs": suite });
    const reply = await turn(directory);
    expect(await readFile(join(directory, "age.mjs"), "utf8")).toBe(library.replace("> 18", ">= 18"));
    expect(await readFile(join(directory, "age.test.mjs"), "utf8")).toBe(suite);
    expect(reply).toMatchObject({ claim: "done", usage: { tokens: 0, costMicroUsd: 0 } });
    expect(reply.note).toMatch(/^age\.mjs:1 in isAdult: comparison: ">" becomes ">="/);
    expect(reply.actions).toEqual([
      { tool: "git.commit", input: { message: expect.stringContaining("age.mjs:1") } },
    ]);
  });

  it("goes on to the next candidate when the last was taken back", async () => {
    const directory = await project({ "age.mjs": library, "age.test.mjs": suite });
    const first = await turn(directory);
    await writeFile(join(directory, "age.mjs"), library);
    const second = await turn(directory, first.memory!, failed(2));
    expect(second.note).not.toBe(first.note);
    expect(second.memory).toMatchObject({ trials: [{ verdict: "worse", kind: "single", base: 1 }] });
  });

  it("does the same again after a crash", async () => {
    const directory = await project({ "age.mjs": library, "age.test.mjs": suite });
    const first = await turn(directory);
    const tried = await readFile(join(directory, "age.mjs"), "utf8");
    await writeFile(join(directory, "age.mjs"), library);
    expect((await turn(directory)).note).toBe(first.note);
    expect(await readFile(join(directory, "age.mjs"), "utf8")).toBe(tried);
  });

  it("takes its own candidate back where the loop kept it without being better", async () => {
    const directory = await project({ "age.mjs": library, "age.test.mjs": suite });
    const first = await turn(directory);
    const second = await turn(directory, first.memory!, failed(1));
    const [edit] = [await readFile(join(directory, "age.mjs"), "utf8")];
    expect(second.memory).toMatchObject({ base: { number: 1 }, trials: [{ verdict: "neutral" }] });
    expect(edit).not.toContain(">= 18");
  });

  it("starts from a candidate that was better", async () => {
    const directory = await project({
      "age.mjs": library,
      "age.test.mjs": suite.replace("isAdult(5)", "isAdult(17)"),
    });
    const first = await turn(directory);
    await writeFile(join(directory, "age.test.mjs"), suite.replace("isAdult(5), false", "isAdult(17), true"));
    const second = await turn(directory, first.memory!, failed(0));
    expect(second.memory).toMatchObject({
      base: { number: 2, score: 0 },
      accepted: [{ path: "age.mjs", alone: true }],
    });
  });

  it("says that a green suite needs no repair", async () => {
    const directory = await project({ "age.mjs": library.replace("> 18", ">= 18"), "age.test.mjs": suite });
    const reply = await turn(directory);
    expect(reply).toMatchObject({ claim: "done", note: expect.stringContaining("nothing to repair") });
    expect(reply.actions).toBeUndefined();
  });

  it("is stuck when no edit is left", async () => {
    const directory = await project({
      "age.mjs": "export const isAdult = () => {};\n",
      "age.test.mjs": suite,
    });
    expect(await turn(directory)).toMatchObject({ claim: "stuck" });
  });

  it("leaves a file that does not parse alone and searches the others", async () => {
    const directory = await project({ "age.mjs": library, "age.test.mjs": suite, "broken.js": "const = ;" });
    expect((await turn(directory)).note).toContain("age.mjs");
  });

  it("searches all code alike where the tests tell nothing about coverage", async () => {
    const directory = await project({ "age.mjs": library });
    const blind = repairAgent({ testCommand: ["false"], env: testEnv });
    expect((await act(blind, requestFor(directory))).note).toContain("age.mjs:1 in isAdult");
  });

  it("tells tests apart by process where they do not run on node:test", async () => {
    const check = "import { isAdult } from './age.mjs';\nif (!isAdult(18)) process.exit(1);\n";
    const directory = await project({ "age.mjs": library, "other.mjs": library, "check.test.mjs": check });
    const plain = repairAgent({ testCommand: ["node", "check.test.mjs"], env: testEnv });
    const reply = await act(plain, requestFor(directory));
    expect(reply.note).toContain("age.mjs:1");
    expect(reply.memory).toMatchObject({ base: { spectrum: { files: { "age.mjs": expect.anything() } } } });
  });

  it("starts afresh when its memory is not its own", async () => {
    const directory = await project({ "age.mjs": library, "age.test.mjs": suite });
    expect((await turn(directory, { other: "agent" })).memory).toMatchObject({
      base: { number: 1 },
      trials: [],
    });
  });
});
