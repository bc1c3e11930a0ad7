import { expect, test } from "vitest";
import { contract, openStage } from "../stage.ts";

test("draws either chart as Mermaid or JSON, under a contract's rules too", async () => {
  const { run } = openStage();
  expect((await run("graph")).out).toMatch(/^stateDiagram-v2\n/);
  const chart = JSON.parse(
    (await run("graph", contract("limited"), "--machine", "call", "--format", "json")).out,
  );
  expect(chart).toMatchObject({ machine: "call", initial: "starting" });
});

test.each([
  ["--machine", "both"],
  ["--format", "svg"],
])("refuses %s %s", async (flag, word) => {
  expect(await openStage().run("graph", flag, word)).toMatchObject({
    code: 2,
    err: expect.stringContaining(`"${word}" is not one of`),
  });
});
