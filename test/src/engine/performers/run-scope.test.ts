import { expect, it } from "vitest";
import { toolContext, toolFor, treeNow } from "../../../../src/engine/performers/run-scope.ts";
import { sender } from "../stage.ts";
import { scopeOf, treeSession } from "./scope.ts";

const action = (tool: string) => ({ tool, input: {}, digest: "d" });

it("finds the declared tool, and says when it is there no more", () => {
  const scope = scopeOf({ tools: [sender([])] });
  expect(toolFor(scope, action("send")).name).toBe("send");
  expect(() => toolFor(scope, action("gone"))).toThrow(/no tool "gone"/);
});

it("knows the tree of the workspace, and none without one", async () => {
  expect(await treeNow(scopeOf({}, { session: treeSession("T3") }))).toBe("T3");
  expect(await treeNow(scopeOf())).toBeNull();
});

it("gives a tool its effect's key and attempt; a read has attempt 0", () => {
  const { signal } = new AbortController();
  const scope = scopeOf();
  expect(toolContext(scope, { key: "k", attempt: 3, tree: "T" }, signal)).toMatchObject({
    key: "k",
    attempt: 3,
    tree: "T",
  });
  expect(toolContext(scope, { key: "k", tree: null }, signal)).toMatchObject({
    attempt: 0,
    workspace: null,
    signal,
  });
});
