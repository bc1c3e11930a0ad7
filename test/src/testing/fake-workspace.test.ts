import { expect, it } from "vitest";
import { fakeWorkspace } from "../../../src/testing/index.ts";

const open = (workspace = fakeWorkspace(), runId = "run") =>
  workspace.open({ runId, directory: "/project", scratch: "/scratch" });

it("tells trees apart, and puts an earlier one back", async () => {
  const workspace = fakeWorkspace();
  const session = await open(workspace);
  expect(await session.snapshot()).toBe(session.base.tree);
  workspace.write("run", "one");
  const one = await session.snapshot();
  workspace.write("run", "two");
  const two = await session.snapshot();
  expect(new Set([session.base.tree, one, two]).size).toBe(3);
  await session.restore(one);
  expect(await session.snapshot()).toBe(one);
  expect(await session.changes(one, two)).toHaveLength(1);
  expect(await session.changes(one, one)).toEqual([]);
  expect(await session.diff(one, two)).toBe("-one\n+two\n");
  await expect(session.restore("unknown")).rejects.toThrow("no tree unknown");
});

it("is the same for a run that is opened again, and another one for another run", async () => {
  const workspace = fakeWorkspace();
  workspace.write("run", "mine");
  const [again, other] = [await open(workspace), await open(workspace, "other")];
  expect(await again.snapshot()).not.toBe(again.base.tree);
  expect(await other.snapshot()).toBe(other.base.tree);
  const checkout = await again.checkout(await again.snapshot());
  expect(await checkout.digest()).toBe(checkout.tree);
  await checkout.dispose();
});
