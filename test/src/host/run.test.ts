import { expect, it } from "vitest";
import { genesisHash } from "../../../src/base/chain.ts";
import { createRun } from "../../../src/host/run.ts";
import { recordOf, stageHost } from "./stage.ts";

it("follows the last row of its journal", async () => {
  const stage = stageHost();
  stage.begin();
  await stage.reaches("succeeded");
  const { store, parts } = stage;
  const about = { ...parts, epoch: 1, snapshot: null };
  const { hash } = store.journal("run").at(-1)!;
  expect(createRun(store, { ...about, record: store.run("run")! }).hash).toBe(hash);
  expect(createRun(store, { ...about, record: recordOf("new", 0) }).hash).toBe(genesisHash);
});
