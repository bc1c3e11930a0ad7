import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ErrorClass } from "../../guards/retry.ts";
import { ToolRules } from "../../guards/tool.ts";
import { callNames } from "../../machines/events.ts";
import type { LoopRules } from "../../machines/rules.ts";
import type { ModelChart, ModelState, ModelTransition, Name } from "./chart.ts";

/** What is found out at one event, in the order of the model's ranges: limits, detectors' hits, failures. */
export const foundNames = [
  ...["steps", "deadlineMs", "activeMs", "tokens", "costMicroUsd"],
  ...["effects", "questions", "recoveries", "reverifications"],
  ...["repeated", "repeating", "idle", "fruitless"],
  ...["same", "many", "muchLater"],
  "often",
];

const words = [
  ...["failed", "stuck", "oversized", "empty", "reads"],
  ...["halted", "limit", "outOfScope", "missingPermission", "duplicate", "alreadyApplied", "stale"],
  ...["needsApproval", "sameFailure", "retriesExhausted", "backoff", "grantUsed"],
  ...["safe", "reconcile", "stop", "applied", "notApplied", "observed", "absent", "unknown"],
  ...["turn", "proposal", "read", "effect", "goal", "aborted", "parkTimeout"],
];

const enums: Readonly<Record<string, readonly string[]>> = {
  is: [...ErrorClass.options, ...foundNames, ...words],
  verdict: ["none", "passed", "failed", "unverifiable"],
  claim: ["none", "done", "stuck"],
  more: ["none", "reads", "any"],
  policy: ["allow", "ask", "forbid"],
  attempt: ["newest", "older"],
  key: ["none", "present", "earlier"],
};

/** Values start at 0 where 0 means "none" or the first choice, and at 1 where 0 is "nothing was said". */
const firstOf = (kind: string): number => (kind === "is" ? 1 : 0);

/** The number of a word in the model. */
export function numberOf(kind: keyof typeof enums, word: string): number {
  const place = enums[kind]!.indexOf(word);
  if (place < 0) throw new Error(`the model knows no ${kind}_${word}`);
  return firstOf(kind) + place;
}

/** The word with this number. */
export const wordOf = (kind: keyof typeof enums, value: number): string =>
  enums[kind]![value - firstOf(kind)]!;

const define = (name: string, value: string | number): string => `#define ${name} ${value}`;

/** Tools as the model knows them, one that nobody declared included: those that the chart cannot tell apart are one. Their numbers start at 1. */
export function toolsOf(rules: LoopRules): { name: string; rules: ToolRules }[] {
  const seen = new Set<string>();
  return Object.entries({ ...rules.tools, undeclared: ToolRules.parse({}) }).flatMap(([name, tool]) => {
    const { effect, sensitivity, repeat } = tool;
    const key = JSON.stringify([effect, sensitivity.length > 0, repeat, settlesAtOnce(tool)]);
    if (seen.has(key)) return [];
    seen.add(key);
    return [{ name, rules: tool }];
  });
}

const settlesAtOnce = ({ burnsKey, settlesWithinMs }: ToolRules): boolean =>
  burnsKey || settlesWithinMs === 0;

const toolTables: Readonly<Record<string, (tool: ToolRules) => boolean>> = {
  READS: ({ effect }) => effect === "read",
  DESTRUCTIVE: ({ effect }) => effect === "destructive",
  SENSITIVE: ({ sensitivity }) => sensitivity.length > 0,
  SAFE: ({ repeat }) => repeat === "safe",
  RECONCILES: ({ repeat }) => repeat === "reconcile",
  SETTLED_AT_ONCE: settlesAtOnce,
};

/** The constants of the model under these rules: words as numbers, tools, and what the contract says for all of a run. */
export function constantsOf(rules: LoopRules): string[] {
  const tools = toolsOf(rules);
  const numbers = Object.entries(enums).flatMap(([kind, list]) =>
    list.map((word) => define(`${kind}_${word}`, numberOf(kind, word))),
  );
  const tables = Object.entries(toolTables).map(([name, holds]) => {
    const chosen = tools.flatMap((tool, i) => (holds(tool.rules) ? [`(t) == ${i + 1}`] : []));
    return define(`${name}(t)`, `(${chosen.join(" || ") || "0"})`);
  });
  return [
    ...numbers,
    define("FIRST_CLASS", numberOf("is", ErrorClass.options[0]!)),
    define("LAST_CLASS", numberOf("is", ErrorClass.options.at(-1)!)),
    define("FIRST_FOUND", numberOf("is", foundNames[0]!)),
    define("LAST_DETECTOR", numberOf("is", "fruitless")),
    define("LAST_STREAK", numberOf("is", "muchLater")),
    ...tables,
    define("LATER", 255),
    define("HAS_METRIC", rules.progress.metric === undefined ? 0 : 1),
    define("STOPS_AT_LIMIT", rules.escalate.onLimit === "stop" ? 1 : 0),
  ];
}

/** What the model remembers of a run, and what one event brings. All of it are small numbers. */
export const memory = {
  halted: "bit",
  aborted: "bit",
  tool: "byte",
  more: "byte",
  claim: "byte",
  verdict: "byte",
  underway: "bit",
  applied: "bit",
  known: "bit",
  doubtNewest: "bit",
  doubtOlder: "bit",
  doubtEarlier: "bit",
  baseline: "bit",
  origin: "byte",
  errorClass: "byte",
  outcome: "byte",
} as const;

export const brought = {
  found: "byte",
  e_outcome: "byte",
  e_found: "byte",
  e_class: "byte",
  e_reason: "byte",
  e_claim: "byte",
  e_tool: "byte",
  e_more: "byte",
  e_oversized: "bit",
  e_changed: "bit",
  e_verdict: "byte",
  e_measured: "bit",
  e_halted: "bit",
  e_valid: "bit",
  e_inScope: "bit",
  e_permitted: "bit",
  e_duplicate: "bit",
  e_granted: "bit",
  e_policy: "byte",
  e_appliedBefore: "bit",
  e_usedBefore: "bit",
  e_moved: "bit",
  e_old: "bit",
  e_settled: "bit",
  e_confirmed: "bit",
  e_key: "byte",
  e_attempt: "byte",
  e_last: "bit",
} as const;

/** Recipes that change nothing that the model knows: time, spending, detectors and what the agent is told. */
const unknownToModel = new Set([
  ...["openCall", "closeCall", "setTimer", "clearTimer", "xstate.raise", "xstate.cancel"],
  ...["reserve", "settleUsage", "spend", "raiseLimits", "countReconciliation", "recordUnknown"],
  ...["observeResult", "observeRefusal", "nudge", "closeStep", "tell", "tellFailure"],
  ...["chooseStart", "moveWorkspace", "escalate", "closeQuestion"],
]);

/** The hand-written parts of the model. */
export const partOf = (name: string): string =>
  readFileSync(join(import.meta.dirname, `${name}.pml`), "utf8");

const macro = (name: string) => new RegExp(`^#define ${name}\\b`, "m");

export const idOf = (name: string): string => name.replaceAll(/[^A-Za-z0-9]/g, "_");

const about = (one: string | number): string | number =>
  one === "fromEvent" ? "e_class" : typeof one === "number" ? one : `is_${one}`;

/** A use of a guard or a recipe, as the model writes it. Throws where it was not written by hand. */
export function useOf({ name, about: list }: Name, prefix: string, part: string): string {
  if (!macro(`${prefix}${name}`).test(part)) throw new Error(`${prefix}${name} is not in the model`);
  return list.length === 0 ? `${prefix}${name}` : `${prefix}${name}(${list.map(about).join(", ")})`;
}

/** A fault planted in a guard: what it says whatever it is asked. */
export type FixedGuards = Readonly<Record<string, boolean>>;

const needAction = ["observe", "execute", "reconcile", "confirm"];

function writerOf(fixed: FixedGuards, texts: readonly string[]) {
  const [guards, recipes] = [partOf("guards"), partOf("recipes")];
  const guardText = (guard: Name): string => {
    const planted = fixed[guard.name];
    return planted === undefined ? useOf(guard, "", guards) : planted ? "1" : "0";
  };
  const work = ({ recipes: list, call, to }: Pick<ModelTransition, "recipes" | "call" | "to">): string => {
    const known = list.filter(({ name }) => !unknownToModel.has(name));
    const steps = known.map((one) => useOf(one, "do_", recipes));
    if (call !== null && needAction.includes(call)) steps.push("fault = fault || (tool == 0)");
    if (call !== null) steps.push(`call = call_${call}`);
    if (to !== null) steps.push(`st = st_${idOf(to)}`);
    return steps.length === 0 ? "skip" : steps.join("; ");
  };
  /** The first whose guard holds is taken. */
  const firstOf = (list: readonly ModelTransition[], otherwise: string): string => {
    const [first, ...rest] = list;
    if (first === undefined) return otherwise;
    const done = `c_code { hit[${texts.indexOf(first.text)}] = 1; }; ${work(first)}`;
    if (first.guard === null) return done;
    return `if :: ${guardText(first.guard)} -> ${done}\n:: else -> ${firstOf(rest, otherwise)} fi`;
  };
  return { work, firstOf };
}

const heardAtEnd = ["effect.lateOutcome"];

function dispatchOf({ states }: ModelChart, { firstOf }: ReturnType<typeof writerOf>): string {
  const branch = ({ name, final, transitions }: ModelState): string => {
    const heard = final ? transitions.filter(({ on }) => heardAtEnd.includes(on)) : transitions;
    const events = [...new Set(heard.map(({ on }) => on))];
    const cases = events.map(
      (on) =>
        `:: ev == ev_${idOf(on)} -> ${firstOf(
          heard.filter((one) => one.on === on),
          "skip",
        )}`,
    );
    return `:: st == st_${idOf(name)} ->\nif\n${cases.join("\n")}\n:: else -> skip\nfi`;
  };
  return `if\n${states.map(branch).join("\n")}\nfi`;
}

function settleOf({ states }: ModelChart, { firstOf }: ReturnType<typeof writerOf>): string {
  const moving = states.filter(({ always, final }) => always.length > 0 && !final);
  const branches = moving.map(
    ({ name, always }) => `:: st == st_${idOf(name)} -> ${firstOf(always, "break")}`,
  );
  return `do\n${branches.join("\n")}\n:: else -> break\nod`;
}

const oneOf = (name: string, values: readonly number[]): string =>
  `inline ${name}(into) { if ${values.map((value) => `:: into = ${value}`).join(" ")} fi }`;

const anyState = (states: readonly ModelState[]): string =>
  `(${states.map(({ name }) => `st == st_${idOf(name)}`).join(" || ") || "0"})`;

const textsOf = ({ states }: ModelChart): string[] => [
  ...new Set(
    states.flatMap(({ transitions, always }) => [...transitions, ...always].map(({ text }) => text)),
  ),
];

/** Notes which transitions any run takes, outside of the memory that is searched, and prints them at the end. */
const noting = (texts: readonly string[]): string => `c_decl {
static char hit[${texts.length}];
static const char *texts[] = { ${texts.map((text) => JSON.stringify(text)).join(", ")} };
static void printTaken(void) { for (int i = 0; i < ${texts.length}; i++) if (hit[i]) printf("taken: %s\\n", texts[i]); }
}`;

/** The whole model: the chart's states and transitions, generated, between the parts that were written by hand. */
export function promelaOf(chart: ModelChart, rules: LoopRules, fixed: FixedGuards = {}): string {
  const { states, initial } = chart;
  const texts = textsOf(chart);
  const writer = writerOf(fixed, texts);
  const events = [
    ...new Set([...states.flatMap(({ transitions }) => transitions.map(({ on }) => on)), ...always]),
  ];
  const tools = toolsOf(rules).map((tool, i) => ({ ...tool, number: i + 1 }));
  const reading = tools.filter((tool) => tool.rules.effect === "read").map(({ number }) => number);
  const variables = { ...memory, ...brought };
  return [
    noting(texts),
    ...constantsOf(rules),
    ...states.map(({ name }, i) => define(`st_${idOf(name)}`, i + 1)),
    ...events.map((name, i) => define(`ev_${idOf(name)}`, i + 1)),
    ...callNames.map((name, i) => define(`call_${name}`, i + 1)),
    ...callNames.map((name) =>
      define(`AWAITS_${name}`, anyState(states.filter(({ call }) => call === name))),
    ),
    define("TIMED", anyState(states.filter(({ timed }) => timed))),
    define("ENDED", anyState(states.filter(({ final }) => final))),
    ...Object.entries(variables).map(([name, type]) => `${type} ${name};`),
    "byte st, before, ev, call; bit otherKey, took, fault;",
    oneOf(
      "anyTool",
      tools.map(({ number }) => number),
    ),
    reading.length === 0 ? "inline readingTool(into) { anyTool(into) }" : oneOf("readingTool", reading),
    partOf("guards"),
    partOf("recipes"),
    partOf("surroundings"),
    partOf("monitors"),
    `inline settle() {\n${settleOf(chart, writer)}\n}`,
    `inline begin() { ${writer.work(initial)} }`,
    `inline forgetEvent() { ${Object.keys(brought)
      .map((name) => `${name} = 0`)
      .join("; ")} }`,
    // Too long for an inline.
    partOf("run").replace("DISPATCH", () => dispatchOf(chart, writer)),
    "",
  ].join("\n");
}

/** Events that the surroundings bring whatever the chart makes of them. */
const always = [
  ...callNames.flatMap((name) => [`done.actor.${name}`, `error.actor.${name}`]),
  ...["timer", "host.recovered", "host.failed", "commit.refused", "effect.lateOutcome", "run.continued"],
  ...["approval.granted", "approval.denied", "directive.resume", "directive.settle"],
  ...["directive.abort", "directive.halt", "directive.liftHalt"],
];
