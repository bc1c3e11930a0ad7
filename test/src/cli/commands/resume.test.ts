import { expect, test } from "vitest";
import { contract, openStage } from "../stage.ts";

const stopped = async (changes: Parameters<typeof openStage>[0] = {}) => {
  const stage = openStage(changes);
  await stage.run("run", contract("limited"), "--goal", "three", "--id", "a", "--quiet");
  return stage;
};

test("raises a limit that a person agreed to on the terminal", async () => {
  const questions: string[] = [];
  const confirm = async (question: string) => {
    questions.push(question);
    return true;
  };
  const { run } = await stopped({ interactive: true, confirm });
  expect(await run("resume", "a", "--add-steps", "5", "--add-cost", "0.5")).toMatchObject({ code: 0 });
  expect(questions).toEqual(["Give run a of loop limited 5 more steps, $0.50 more cost?"]);
  const { budget } = JSON.parse((await run("status", "a", "--json")).out);
  expect(budget.steps.limit).toBe(7);
});

test("changes nothing when the person says no", async () => {
  const { run } = await stopped({ interactive: true, confirm: async () => false });
  const before = (await run("show", "a")).out;
  expect(await run("resume", "a", "--add-steps", "5")).toMatchObject({
    code: 7,
    err: "nothing was changed\n",
  });
  expect((await run("show", "a")).out).toBe(before);
});

test("refuses to raise a limit where nobody can be asked", async () => {
  const { run } = await stopped();
  const { code, err } = await run("resume", "a", "--add-steps", "5");
  expect(code).toBe(2);
  expect(err).toContain("--yes");
});

test("goes on from an escalation with a word to the agent", async () => {
  const { run } = openStage();
  await run("run", contract("stuck"), "--goal", "guess", "--id", "a", "--quiet");
  expect(await run("resume", "a", "--say", "it is 1", "--quiet")).toMatchObject({ code: 0 });
  expect((await run("show", "a")).out).toContain("saying: it is 1");
});
