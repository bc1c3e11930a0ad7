import { expect, test } from "vitest";
import { commitOf, nextSteps } from "../../../src/cli/next-steps.ts";
import { endOf } from "./ends.ts";

const typed = { program: "loopwright", runId: "7", store: undefined, directory: "/my project" };
const commands = (end: Parameters<typeof nextSteps>[0], store?: string) =>
  nextSteps(end, { ...typed, store }).map(({ command }) => command);

test("finds the last commit among the applied effects", () => {
  const applied = [
    { key: "a", tool: "git.commit", result: { commit: "111", branch: "b" } },
    { key: "b", tool: "git.commit", result: { commit: "222", branch: "b" } },
    { key: "c", tool: "other", result: { commit: "333" } },
  ];
  expect(commitOf({ applied })).toEqual({ commit: "222", branch: "b" });
  expect(commitOf({ applied: [{ key: "a", tool: "git.commit", result: "odd" }] })).toBeNull();
  expect(commitOf({ applied: [] })).toBeNull();
});

test("shows the commit of a success, with the directory quoted for a shell", () => {
  const end = endOf({ applied: [{ key: "a", tool: "git.commit", result: { commit: "111" } }] });
  expect(commands(end)[0]).toBe("git -C '/my project' show 111");
});

test("names the limit that is to be raised, and the store that was given", () => {
  const end = endOf({ status: "stopped", reason: "limit", detail: "costMicroUsd" });
  expect(commands(end, "a b.db")[0]).toBe("loopwright resume 7 --add-cost 5 --store 'a b.db'");
});

test.each(["escalated", "awaitingApproval", "inDoubt", "interrupted", "lost"] as const)(
  "has something to type after %s",
  (status) => {
    expect(commands(endOf({ status })).length).toBeGreaterThan(0);
  },
);

test("offers no resume while an effect is in doubt", () => {
  expect(commands(endOf({ status: "inDoubt" })).some((command) => command.includes("resume"))).toBe(false);
});
