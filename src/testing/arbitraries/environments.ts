import { ErrorClass } from "../../../guards/retry.ts";
import { AgentFailure, type ScriptedReply, type ScriptedTurn } from "../../agents/index.ts";
import type { LoopContract } from "../../contract/contract.ts";
import type { Json } from "../../ports/json.ts";
import { samplesOf } from "../sample.ts";
import { type Crash, endlessTurn, type Script, type ToolScript, type Word } from "../script.ts";
import type { ReconcileMode, ToolMode } from "../scripted-tool.ts";
import type { ScriptedVerdict } from "../scripted-verifier.ts";
import type { Arbitrary, Fc } from "./fast-check.ts";

/** Arguments of tools to choose from, by name. Default: what can be made from the schema. */
export type Inputs = Readonly<Record<string, readonly Json[]>>;

/** States in which a process can be killed. */
const crashStates = [
  "acting",
  "verifying",
  "waiting",
  "effect.assessing",
  "effect.awaitingApproval",
  "effect.observing",
  "effect.committing",
  "effect.reconciling",
  "effect.settling",
  "effect.confirming",
];

/** Turns of an agent under a contract: actions of its tools that fit them, claims, or nothing. */
export function turnsFrom(fc: Fc, contract: LoopContract, inputs: Inputs = {}): Arbitrary<ScriptedReply> {
  const actions = Object.values(contract.tools).flatMap((tool) =>
    samplesOf(tool, inputs[tool.name])
      .slice(0, 4)
      .map((input) => ({ tool: tool.name, input })),
  );
  const proposed =
    actions.length === 0 ? fc.constant([]) : fc.array(fc.constantFrom(...actions), { maxLength: 3 });
  return fc.record(
    {
      actions: proposed,
      claim: fc.constantFrom<NonNullable<ScriptedReply["claim"]>>("done", "done", "stuck"),
      usage: fc.constantFrom<NonNullable<ScriptedReply["usage"]>>(
        { tokens: 1, costMicroUsd: 1 },
        { tokens: 40, costMicroUsd: 4 },
        "unknown",
      ),
    },
    { requiredKeys: ["actions"] },
  );
}

const classOf = (fc: Fc) => fc.constantFrom(...ErrorClass.options);

const modesFrom = (fc: Fc): Arbitrary<ToolMode> =>
  fc.oneof(
    fc.constantFrom<ToolMode>(
      "applies",
      "applies",
      "losesReply",
      "losesRequest",
      "answers500",
      "breaks",
      "hangs",
    ),
    fc.constantFrom(1_000, 100_000).map((afterMs) => ({ afterMs })),
    fc.constantFrom(1_000, 10_000_000).map((retryAfterMs) => ({ retryAfterMs })),
    classOf(fc).map((refuses) => ({ refuses })),
    fc.record({ unsure: classOf(fc), applied: fc.boolean() }),
  );

const toolFrom = (fc: Fc): Arbitrary<ToolScript> =>
  fc.record(
    {
      modes: fc.array(modesFrom(fc), { maxLength: 4 }),
      reconciles: fc.array(fc.constantFrom<ReconcileMode>("truth", "unknown", "throws", "hangs"), {
        maxLength: 3,
      }),
      confirms: fc.constantFrom(true, true, true, false),
      inScope: fc.constantFrom(true, true, true, false),
      permitted: fc.constantFrom(true, true, true, false),
    },
    { requiredKeys: ["modes"] },
  );

const verdictsFrom = (fc: Fc): Arbitrary<ScriptedVerdict[]> =>
  fc.array(
    fc.constantFrom<ScriptedVerdict>(
      "passed",
      "passed",
      "passed",
      "failed",
      "unverifiable",
      "throws",
      "hangs",
    ),
    { maxLength: 6 },
  );

/** Words of people who know no more than the run does: nobody settles a doubt by guessing. */
const wordsFrom = (fc: Fc): Arbitrary<Word[]> =>
  fc.array(
    fc.oneof(
      fc.constantFrom<Word>("grant", "grant", "deny", "resume", { grantOf: 1 }),
      fc.constantFrom(1_000, 3_600_000).map((waitMs) => ({ waitMs })),
      fc.constantFrom({ resume: { say: "go on" } }, { resume: { raise: { steps: 2, tokens: 500 } } }),
      fc.constantFrom("acting", "effect.committing").map((abortIn) => ({ abortIn })),
    ),
    { maxLength: 8 },
  );

const crashesFrom = (fc: Fc): Arbitrary<Crash[]> =>
  fc.array(
    fc.oneof(
      fc.record({ state: fc.constantFrom(...crashStates), nth: fc.constantFrom(1, 1, 2) }),
      fc.constant({ sent: true } as const),
    ),
    { maxLength: 3 },
  );

/** Everything from outside that a run under a contract can meet, for `rehearse`. */
export function environmentsFrom(fc: Fc, contract: LoopContract, inputs: Inputs = {}): Arbitrary<Script> {
  const failing = classOf(fc).map((errorClass) => new AgentFailure({ errorClass, message: "it failed" }));
  const turn: Arbitrary<ScriptedTurn> = fc.oneof(
    { arbitrary: turnsFrom(fc, contract, inputs), weight: 8 },
    { arbitrary: failing, weight: 1 },
    { arbitrary: fc.constant(endlessTurn), weight: 1 },
  );
  const tools = Object.fromEntries(Object.keys(contract.tools).map((name) => [name, toolFrom(fc)]));
  return fc.record({
    turns: fc.array(turn, { maxLength: 8 }),
    proposal: verdictsFrom(fc),
    goal: verdictsFrom(fc),
    writes: fc.array(fc.constantFrom("one", "two"), { maxLength: 4 }),
    tools: fc.record(tools),
    people: wordsFrom(fc),
    crashes: crashesFrom(fc),
  });
}
