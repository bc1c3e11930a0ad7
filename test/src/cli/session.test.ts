import { expect, test } from "vitest";
import { contractOf, findRun, withRuns } from "../../../src/cli/session.ts";
import { contract, openStage } from "./stage.ts";

const withTwo = async () => {
  const stage = openStage();
  await stage.run("run", contract("counter"), "--goal", "three", "--id", "run-a", "--quiet");
  await stage.run("run", contract("counter"), "--goal", "three", "--id", "run-ab", "--quiet");
  return stage;
};

test("finds a run by its id, by a beginning that is its alone, or as the last", async () => {
  const { environment } = await withTwo();
  await withRuns(environment, {}, async (engine) => {
    expect(findRun(engine, "run-a").id).toBe("run-a");
    expect(findRun(engine, "run-ab").id).toBe("run-ab");
    expect(findRun(engine, "last").id).toBe("run-ab");
    expect(() => findRun(engine, "run")).toThrow(/2 runs begin with run/);
    expect(() => findRun(engine, "")).toThrow(/there is no run/);
    expect(() => findRun(engine, "\u001b[2J")).toThrow(/\\u\{1b\}/);
  });
});

test("refuses a store that is not there instead of making it", async () => {
  const { environment } = openStage();
  expect(() => withRuns(environment, { store: "no.db" }, async () => 0)).toThrow(/there is no store no.db/);
});

test("closes the engine when the work fails", async () => {
  let closed = false;
  const stage = openStage();
  const openEngine = async () => {
    const engine = await stage.environment.openEngine({});
    return {
      ...engine,
      close: () =>
        engine.close().then(() => {
          closed = true;
        }),
    };
  };
  await expect(
    withRuns({ ...stage.environment, openEngine }, {}, () => Promise.reject(new Error("broken"))),
  ).rejects.toThrow("broken");
  expect(closed).toBe(true);
});

test("asks for the contract of a run that a program started", async () => {
  const { environment } = await withTwo();
  await withRuns(environment, {}, async (engine) => {
    const record = { ...findRun(engine, "last"), contractFile: null };
    await expect(contractOf(environment, record)).rejects.toThrow(/started by a program/);
    expect((await contractOf(environment, record, contract("counter"))).contract.name).toBe("counter");
  });
});
