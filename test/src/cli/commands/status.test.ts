import { expect, test } from "vitest";
import { contract, openStage } from "../stage.ts";

test("answers the eight questions by name", async () => {
  const { run } = openStage();
  await run("run", contract("asking"), "--goal", "put", "--id", "a", "--quiet");
  const report = JSON.parse((await run("status", "a", "--json")).out);
  const questions = [
    "state",
    "mayDo",
    "verificationOwed",
    "budget",
    "wouldEscalate",
    "logged",
    "committed",
    "needsApproval",
  ];
  for (const question of questions) expect(report).toHaveProperty(question);
  expect(report.state.name).toBe("effect.awaitingApproval");
  expect((await run("status", "a")).out).toContain("8. What cannot happen without approval?");
});
