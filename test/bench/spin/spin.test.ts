import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { modelChartOf } from "../../../bench/spin/chart.ts";
import { compare, watched } from "../../../bench/spin/compare.ts";
import { contracts } from "../../../bench/spin/contracts.ts";
import { pointsOf } from "../../../bench/spin/domain.ts";
import { chosen, mutantsOf } from "../../../bench/spin/mutants.ts";
import { search, whatIsMissing } from "../../../bench/spin/pan.ts";
import { partOf, promelaOf } from "../../../bench/spin/promela.ts";
import { truthTable } from "../../../bench/spin/table.ts";
import { createLoopMachine } from "../../../machines/loop.ts";

const script = join(import.meta.dirname, "../../../bench/spin/spin.ts");
const conditions = "--conditions=loopwright-source";
const spin = (args: string[], env = process.env) =>
  spawnSync(process.execPath, [conditions, script, ...args], { encoding: "utf8", env });

const missing = whatIsMissing();
const why = missing === null ? "" : ` (skipped: ${missing})`;
const measured = contracts.measured!;
const mutants = mutantsOf(measured.rules);
const modelOf = ({ rules } = measured) => promelaOf(modelChartOf(createLoopMachine(rules)), rules);

describe("the model", () => {
  it("cannot be made of a chart with a guard that was not written by hand", () => {
    const chart = modelChartOf(createLoopMachine(measured.rules));
    const guard = { name: "isNew", about: [] };
    const [first, ...rest] = chart.states;
    const always = [{ text: "", on: "", guard, recipes: [], call: null, to: null }];
    expect(() => promelaOf({ ...chart, states: [{ ...first!, always }, ...rest] }, measured.rules)).toThrow(
      "isNew is not in the model",
    );
  });

  it("cannot be made of a chart with a recipe that was not written by hand", () => {
    const chart = modelChartOf(createLoopMachine(measured.rules));
    const initial = { ...chart.initial, recipes: [{ name: "recordNew", about: [] }] };
    expect(() => promelaOf({ ...chart, initial }, measured.rules)).toThrow(
      "do_recordNew is not in the model",
    );
  });

  it("takes its transitions from the chart", () => {
    const { plant } = mutants.find(({ name }) => name === "without everywhere directive.abort")!;
    const chart = modelChartOf(plant(createLoopMachine(measured.rules)));
    const waysOn = (on: string) =>
      chart.states.filter((state) => state.transitions.some((one) => one.on === on));
    expect(waysOn("directive.abort").map(({ name }) => name)).toEqual([
      "effect.committing",
      "effect.confirming",
    ]);
  });
});

it("lists every point of a domain once", () => {
  const domain = [
    ["halted", [0, 1]],
    ["tool", [1, 2, 3]],
  ] as const;
  expect(Array.from(pointsOf(domain), ({ halted, tool }) => `${halted}${tool}`)).toEqual([
    ...["01", "02", "03"],
    ...["11", "12", "13"],
  ]);
});

it("names only mutants that there are, each once", () => {
  for (const { rules } of Object.values(contracts)) {
    const names = mutantsOf(rules).map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(chosen.filter((name) => !names.includes(name))).toEqual([]);
  }
});

describe.skipIf(missing !== null)(`the truth table${why}`, () => {
  it("finds no difference between the guards and the model", () => {
    const { difference, uses, points } = truthTable(measured.rules);
    expect(difference).toBeNull();
    expect(points).toBeGreaterThan(uses);
  }, 300_000);

  it("finds a guard that decides otherwise", () => {
    const wrong = partOf("guards").replace("&& e_permitted", "&& 1");
    expect(truthTable(measured.rules, wrong).difference).toMatchObject({
      point: { e_permitted: 0 },
      guardSays: false,
      modelSays: true,
    });
  }, 300_000);
});

describe.skipIf(missing !== null)(`Spin${why}`, () => {
  it.each(Object.entries(contracts))("proves the chart under the contract %s", async (_, contract) => {
    expect(await search(modelOf(contract))).toMatchObject({ violated: [], errors: 0, complete: true });
  });

  it("takes every transition of the chart under the contracts together", async () => {
    const chart = modelChartOf(createLoopMachine(measured.rules));
    const all = chart.states.flatMap(({ transitions, always }) => [...transitions, ...always]);
    const searches = await Promise.all(Object.values(contracts).map((one) => search(modelOf(one))));
    const taken = new Set(searches.flatMap((one) => one.taken));
    expect(all.filter(({ text }) => !taken.has(text)).map(({ text }) => text)).toEqual([]);
  });

  it("does not call complete what met an error that is no property's", async () => {
    const stuck = modelOf().replace("end:", "notAnEnd:");
    expect((await search(stuck)).complete).toBe(false);
  });

  it.each([
    ["isAbsentCertain is always true", ["doubtHeld"]],
    ["isHalted is always false", ["haltHolds"]],
    ["isRefused is always false", []],
  ])(
    "agrees with the checker where %s",
    async (name, broken) => {
      const mutant = mutants.find((one) => one.name === name)!;
      const { verdicts, agree } = await compare(measured, mutant);
      expect(watched.filter((one) => verdicts[one].checker === "violated")).toEqual(broken);
      expect(agree).toBe(true);
    },
    300_000,
  );
});

describe("bench/spin", () => {
  it("explains itself", () => {
    const { stdout, status } = spin(["--help"]);
    expect([stdout.includes("--only TEXT"), status]).toEqual([true, 0]);
  });

  it("says what is missing and how to install it, with code 2", () => {
    const { stderr, status } = spin([], { ...process.env, PATH: "" });
    expect(stderr).toContain("spin and gcc are not installed: apt-get install -y spin gcc");
    expect(status).toBe(2);
  });

  it("refuses an option it does not know with code 2", () => {
    const { stderr, status } = spin(["--many"]);
    expect(stderr).toMatch(/Unknown option '--many'/);
    expect(status).toBe(2);
  });
});
