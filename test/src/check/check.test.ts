import { describe, expect, it } from "vitest";
import { fromRecipe } from "../../../actions/index.ts";
import { escalate } from "../../../actions/parking.ts";
import { type GateFacts, mayDispatch } from "../../../guards/effect.ts";
import { searched } from "../../../src/check/check.ts";
import { endlessIn } from "../../../src/check/endings.ts";
import { createEvaluator } from "../../../src/check/evaluate.ts";
import { explore } from "../../../src/check/explore.ts";
import type { CheckReport, Property } from "../../../src/check/index.ts";
import { checkLoop, verdictOf } from "../../../src/check/index.ts";
import type { LoopContract } from "../../../src/contract/index.ts";
import { checkFaulty, contractOf, references, unproved } from "../../helpers/checking.ts";

const bounded = contractOf({
  agent: { ...contractOf().agent, maxPerTurn: { tokens: 10, costMicroUsd: 0 } },
  escalate: { policy: [{ answer: "allow" }] },
});
const small = contractOf({ tools: {} });

const reports = new Map<LoopContract, CheckReport>();

/** What a check of a contract finds, found once. */
function reportOf(contract: LoopContract): CheckReport {
  const report = reports.get(contract) ?? checkLoop(contract);
  reports.set(contract, report);
  return report;
}

describe("checking a contract", () => {
  it("proves every property of one that leaves nothing open", () => {
    const report = checkLoop(bounded);
    expect(unproved(report)).toEqual({});
    expect(verdictOf(report)).toBe("proved");
    expect(report.cut).toBeNull();
  });

  it.each(Object.entries(references))(
    "proves all that can be proved of the reference contract %s",
    (_, contract) => {
      // Its agent does not bound a turn.
      expect(unproved(reportOf(contract))).toEqual({ withinBudget: "inconclusive" });
    },
  );

  it("takes every transition of the chart with the reference contracts together", () => {
    const untaken = Object.values(references).map((contract) =>
      reportOf(contract).untaken.map(({ from, on, guard, to }) => `${from} ${on} ${guard} ${to}`),
    );
    const [first = [], ...others] = untaken;
    expect(first.filter((one) => others.every((other) => other.includes(one)))).toEqual([]);
  });

  it("comes to the same through XState itself", () => {
    const [direct, xstate] = (["configuration", "xstate"] as const).map((through) =>
      checkLoop(small, { through }),
    );
    expect(xstate!.states).toBe(direct!.states);
    expect(xstate!.transitions).toBe(direct!.transitions);
    expect(xstate!.properties).toEqual(direct!.properties);
  });

  it("says nothing is proved where the search was cut off, and by which bound", () => {
    for (const [name, options] of [
      ["statesMax (20)", { statesMax: 20 }],
      ["timeMaxMs (0)", { timeMaxMs: 0 }],
    ] as const) {
      const { properties, cut } = checkLoop(bounded, options);
      expect(cut).toBe(name);
      expect(properties.map(({ verdict }) => verdict)).not.toContain("proved");
      expect(properties[0]!.detail).toContain(name);
    }
  });

  it("tells how far it is", () => {
    const seen: number[] = [];
    checkLoop(bounded, { onProgress: ({ states, open }) => seen.push(states - open) });
    expect(seen.length).toBeGreaterThan(0);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
  });

  it("finds a false promise of a person's own, by a shortest run", () => {
    const noEffect: Property<null> = {
      name: "noEffect",
      says: "Nothing is ever dispatched.",
      clause: "my own",
      begin: null,
      see: (memory, { calls }) =>
        calls.some(({ name }) => name === "execute") ? { violated: "an effect was dispatched" } : memory,
    };
    const contract = contractOf({ escalate: { policy: [{ answer: "allow" }] } });
    const { properties } = checkLoop(contract, { properties: [noEffect as unknown as Property] });
    const found = properties.find(({ name }) => name === "noEffect")!;
    expect(found.verdict).toBe("violated");
    expect(found.trace.map(({ says }) => says)).toEqual([
      "the run starts",
      "the agent proposes put",
      "the checks say passed",
      "the facts about put: the policy says allow, no grant",
    ]);
  });
});

const untilDoubt = { until: "doubtHeld" };

describe("the four holes of the prototype", () => {
  it("sees a resume past a doubt", () => {
    const faults = { guards: { mayResume: () => true, isInDoubt: () => false } };
    const report = checkFaulty(references.asked!, faults, untilDoubt);
    expect(unproved(report)).toHaveProperty("doubtHeld", "violated");
  });

  it("sees a doubt that an escalation forgot", () => {
    const forgetful = fromRecipe(
      (state: Parameters<typeof escalate>[0], params: Parameters<typeof escalate>[1]) => {
        escalate(state, params);
        state.doubt = null;
      },
    );
    const report = checkFaulty(references.asked!, { actions: { escalate: forgetful as never } }, untilDoubt);
    expect(unproved(report)).toHaveProperty("doubtHeld", "violated");
  });

  it("sees an applied action proposed and run again", () => {
    const faults: Parameters<typeof checkFaulty>[1] = {
      guards: {
        mayDispatch: (_, gated) =>
          mayDispatch({ ...gated, facts: new Proxy<GateFacts>(gated.facts, { get: blind }) }),
      },
    };
    const report = checkFaulty(references.safe!, faults, { until: "appliedOnce" });
    expect(unproved(report)).toHaveProperty("appliedOnce", "violated");
  });

  it("sees success without a check of the final state", () => {
    const report = checkFaulty(small, { guards: { isGoalReached: (_, { result }) => result === "passed" } });
    expect(unproved(report)).toHaveProperty("provedSuccess", "violated");
  });
});

const blind = (facts: GateFacts, name: string | symbol): unknown =>
  name === "appliedBefore" ? null : Reflect.get(facts, name);

describe("a run that never ends", () => {
  it("is shown with the events that it goes round in", () => {
    const report = checkFaulty(small, { actions: { beginStep: fromRecipe(() => {}) as never } });
    const ends = report.properties.find(({ name }) => name === "ends")!;
    expect(ends.verdict).toBe("violated");
    expect(ends.cycle.map(({ says }) => says)).toEqual(["the agent proposes nothing"]);
  });

  it("is shown where a call has no time-out", () => {
    const { machine, world } = searched(small);
    const chart = createEvaluator(machine);
    const untimed = {
      ...chart,
      begin: (input: Parameters<typeof chart.begin>[0]) => ({
        ...chart.begin(input),
        timers: { set: [], clear: [] },
      }),
    };
    const explored = explore(untimed, world, { properties: [], statesMax: 1_000, timeMaxMs: 60_000 });
    expect(endlessIn(explored)).toMatchObject({
      kind: "stuck",
      why: "nothing ends the call of act in acting",
    });
  });
});

it("sees a chart that fails on an event", () => {
  const report = checkFaulty(small, { guards: { isTurn: () => false, hasNextAction: () => true } });
  expect(unproved(report)).toHaveProperty("noFault", "violated");
});
