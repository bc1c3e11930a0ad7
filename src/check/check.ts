import { createLoopMachine, type LoopMachine } from "../../machines/loop.ts";
import { LoopwrightError } from "../base/errors.ts";
import type { LoopContract } from "../contract/contract.ts";
import { abstractRules } from "./bounds.ts";
import { type Endless, endlessIn } from "./endings.ts";
import { type ChartTransition, createEvaluator } from "./evaluate.ts";
import { type Arrival, type Explored, type ExploreOptions, explore } from "./explore.ts";
import { createInterpreter } from "./interpret.ts";
import { properties as own } from "./properties/index.ts";
import type { Property } from "./property.ts";
import { unreachable } from "./reach.ts";
import type { World } from "./situation.ts";
import { surroundingsOf, type ToolClass } from "./surroundings.ts";
import { causeOf, type TraceStep } from "./trace.ts";
import { untaken } from "./untaken.ts";

/** `proved`: for every run. `violated`: by the shortest run. `inconclusive`: the search was cut off, or cannot tell. */
export type Verdict = "proved" | "violated" | "inconclusive";

export type CheckedProperty = {
  name: string;
  /** The promise, as a sentence, and the clause of the contract that asks for it. */
  says: string;
  clause: string;
  verdict: Verdict;
  /** What was violated, or why nothing can be said; `null` where it is proved. */
  detail: string | null;
  /** A shortest run that violates it, event by event; empty where there is none. */
  trace: readonly TraceStep[];
  /** Where that run never ends: the events it goes round in after the trace. */
  cycle: readonly TraceStep[];
};

/** Tools that the chart treats alike, and what may be said of their actions. `mattered`: the facts that the chart looked at. */
export type FreeAnswers = Pick<ToolClass, "names" | "policy" | "inScope" | "permitted" | "dedupe"> & {
  mattered: readonly string[];
};

/** What a check found. Times in seconds. */
export type CheckReport = {
  contract: string;
  properties: readonly CheckedProperty[];
  states: number;
  transitions: number;
  seconds: number;
  statesPerSecond: number;
  transitionsPerSecond: number;
  /** The bound that cut the search, or `null`: all that can happen was looked at. */
  cut: string | null;
  bounds: { statesMax: number; timeMaxMs: number };
  /** What the proof is about: for each class of tools the answers that were left free, and the facts that mattered. */
  tools: readonly FreeAnswers[];
  /** Transitions of the chart that no run under this contract takes, and why. */
  untaken: readonly (ChartTransition & { why: string })[];
};

export type CheckOptions = {
  /** Further promises of your own, beside Loopwright's. */
  properties?: readonly Property[];
  /** States after which the search gives up. Default 500,000. */
  statesMax?: number;
  /** Milliseconds after which the search gives up. Default 120,000. */
  timeMaxMs?: number;
  /** How the machine is evaluated: by its configuration directly (default), or through XState itself, which is slower. */
  through?: "configuration" | "xstate";
  /** Name of a property: once it is violated, the search ends, and nothing else is proved. */
  until?: string;
  /** Called now and then with how far the search is. */
  onProgress?: ExploreOptions["onProgress"];
};

const ends = {
  name: "ends",
  says: "Every path ends: each cycle spends something that is limited, no state is without a way out, and a parked run ends by its own time-out.",
  clause: "continue",
};

const reachable = {
  name: "reachable",
  says: "The goal can be reached, and every declared tool can run.",
  clause: "verify.goal, tools",
};

const stepOf = ({ event, label, state }: Pick<Arrival, "event" | "label" | "state">): TraceStep => ({
  by: causeOf(event),
  says: label(),
  state,
});

const pathTo = ({ arrivals }: Explored, place: number): TraceStep[] => {
  const path: TraceStep[] = [];
  for (let at = place; at >= 0; at = arrivals[at]!.from) path.unshift(stepOf(arrivals[at]!));
  return path;
};

/** The facts about a tool's actions that the chart looked at and that could be one thing or another. */
function mattered({ rules, tools, hasWorkspace }: World, name: string, facts: Explored["facts"]): string[] {
  const { policy, inScope, permitted, dedupe, rules: tool } = tools.find(({ names }) => names[0] === name)!;
  const fixed: Partial<Record<string, boolean>> = {
    tree: !hasWorkspace,
    inScope: inScope.length === 1,
    permitted: permitted.length === 1,
    policy: policy.length === 1,
    grants: rules.approvals.approvers.length === 0,
    appliedBefore: tool.effect === "read",
    duplicateOf: !dedupe,
    usedBefore: tool.repeat !== "never" || tool.effect === "read" || dedupe,
  };
  return [...(facts.get(name) ?? [])].filter((fact) => !fixed[fact]).sort();
}

/** What a search cannot say of a contract, by the property's name. */
function reservations({ rules }: LoopContract): Record<string, string> {
  const isUnbounded = rules.agent.maxPerTurn === null;
  return isUnbounded
    ? {
        withinBudget:
          "the agent does not say the most that one turn can use, so the limits of tokens and cost are advisory: a turn in flight may pass them",
      }
    : {};
}

type Finding = Pick<CheckedProperty, "verdict" | "detail" | "trace" | "cycle">;
const proved: Finding = { verdict: "proved", detail: null, trace: [], cycle: [] };
const inconclusive = (detail: string): Finding => ({ ...proved, verdict: "inconclusive", detail });
const cutAt = (cut: string): Finding =>
  inconclusive(`the search was cut off at ${cut}; raise it to look at everything`);

function findingOf(property: Property, explored: Explored, reserved: string | undefined): Finding {
  const found = explored.broken.find((one) => one.property === property);
  if (found !== undefined) {
    const trace = [...pathTo(explored, found.arrival.from), stepOf(found.arrival)];
    return { verdict: "violated", detail: found.violated, trace, cycle: [] };
  }
  if (explored.cut !== null) return cutAt(explored.cut);
  return reserved === undefined ? proved : inconclusive(reserved);
}

/** The machine of a contract as it is searched, with the world around it. */
export function searched(
  contract: LoopContract,
  apart: readonly string[] = [],
): { machine: LoopMachine; world: World } {
  const { tools, hasWorkspace } = surroundingsOf(contract, apart);
  const rules = abstractRules(contract.rules);
  return { machine: createLoopMachine(rules), world: { rules, tools, hasWorkspace } };
}

/** The tools that a property speaks of; each must be one of the contract's. */
function namedBy({ name, tools = [] }: Property, contract: LoopContract): readonly string[] {
  const unknown = tools.find((tool) => contract.tools[tool] === undefined);
  if (unknown === undefined) return tools;
  throw new LoopwrightError({
    code: "contract",
    field: `properties.${name}`,
    message: `the property "${name}" speaks of a tool "${unknown}", and the contract has none`,
    fix: `the tools are: ${Object.keys(contract.tools).join(", ") || "none"}`,
  });
}

/**
 * Proves a contract: searches all that can happen to the very machine that runs it, with everything from outside left free,
 * and says of each property whether it holds on every run.
 */
export function checkLoop(contract: LoopContract, options: CheckOptions = {}): CheckReport {
  const apart = (options.properties ?? []).flatMap((property) => namedBy(property, contract));
  return checkMachine(contract, searched(contract, apart), options);
}

/**
 * The same for a machine that is given beside the world that `searched(contract)` made: one with gates of your own, put in
 * by `machine.provide({ guards })`, or one in which a fault was planted.
 */
export function checkMachine(
  contract: LoopContract,
  { machine, world }: ReturnType<typeof searched>,
  options: CheckOptions = {},
): CheckReport {
  const { statesMax = 500_000, timeMaxMs = 120_000, onProgress, through = "configuration", until } = options;
  const properties = [...own, ...(options.properties ?? [])];
  const chart = through === "xstate" ? createInterpreter(machine) : createEvaluator(machine);
  const startedAt = performance.now();
  const explored = explore(chart, world, {
    properties,
    statesMax,
    timeMaxMs,
    ...(onProgress && { onProgress }),
    ...(until !== undefined && { until }),
  });

  const wordsOf = (endless: Endless): Finding => {
    if (endless.kind === "stuck") {
      return { verdict: "violated", detail: endless.why, trace: pathTo(explored, endless.place), cycle: [] };
    }
    const cycle = endless.way.map(({ place, edge }) => {
      const { move, stepped, label } = [...explored.waysOf(explored.places[place]!)][edge]!;
      return stepOf({ event: move.event, label, state: stepped.state });
    });
    const trace = pathTo(explored, endless.way[0]!.place);
    return {
      verdict: "violated",
      detail: "a run can go on for ever without spending anything",
      trace,
      cycle,
    };
  };
  const endless = explored.cut === null ? endlessIn(explored) : null;
  const ending = explored.cut !== null ? cutAt(explored.cut) : endless === null ? proved : wordsOf(endless);

  const missing = unreachable(explored, world.tools, contract.rules);
  const reach: Finding =
    missing === null
      ? proved
      : explored.cut === null
        ? { ...proved, verdict: "violated", detail: missing }
        : cutAt(explored.cut);

  const seconds = (performance.now() - startedAt) / 1000;
  const reserved = reservations(contract);
  const checked = properties.map((property): CheckedProperty => {
    const { name, says, clause } = property;
    return { name, says, clause, ...findingOf(property, explored, reserved[name]) };
  });
  return {
    contract: contract.name,
    properties: [...checked, { ...ends, ...ending }, { ...reachable, ...reach }],
    states: explored.places.length,
    transitions: explored.transitions,
    seconds,
    statesPerSecond: Math.round(explored.places.length / seconds),
    transitionsPerSecond: Math.round(explored.transitions / seconds),
    cut: explored.cut,
    bounds: { statesMax, timeMaxMs },
    tools: world.tools.map(({ names, policy, inScope, permitted, dedupe }) => ({
      names,
      policy,
      inScope,
      permitted,
      dedupe,
      mattered: mattered(world, names[0]!, explored.facts),
    })),
    untaken: untaken(chart.transitions, explored),
  };
}

/** The worst verdict of a report: what a command's exit code says. */
export function verdictOf({ properties }: CheckReport): Verdict {
  const verdicts = properties.map(({ verdict }) => verdict);
  return verdicts.includes("violated")
    ? "violated"
    : verdicts.includes("inconclusive")
      ? "inconclusive"
      : "proved";
}
