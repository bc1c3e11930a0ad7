import type { LoopRules } from "../../../machines/rules.ts";
import type { LoopContract } from "../../contract/contract.ts";
import type { Verifier } from "../../ports/verifier.ts";
import { commandTimeoutMsDefault } from "../../verifiers/limits.ts";
import type { Script } from "../script.ts";
import type { ScriptedVerdict } from "../scripted-verifier.ts";
import { type Case, escalated, limited, succeeded } from "./case.ts";
import { fruitlessSteps } from "./room.ts";
import { proposing, type Subject } from "./subject.ts";

const unverifiable = escalated("unverifiable");

/** Milliseconds after which a hanging verification is given up: by its verifier or as a whole. */
const hangMs = (rules: LoopRules, verifiers: readonly Verifier[]): number => {
  const first = verifiers.find(({ kind }) => kind !== "opinion");
  return Math.min(rules.verify.timeoutMs, first?.timeoutMs ?? commandTimeoutMsDefault);
};

type Suite = "proposal" | "goal";

/** The verdicts that one suite can give, on a turn that is put before it. */
function verdictCases({ rules, verifiers }: LoopContract, suite: Suite, turn: Script): Case[] {
  const say = (verdict: ScriptedVerdict): Script => ({ ...turn, [suite]: [verdict] });
  return [
    {
      name: `the ${suite} is rejected, and the agent hears why`,
      script: say("failed"),
      expected: succeeded,
      need: { steps: 2 },
    },
    {
      name: `the ${suite} cannot be verified`,
      script: say("unverifiable"),
      expected: unverifiable,
    },
    { name: `a verifier of the ${suite} breaks`, script: say("throws"), expected: unverifiable },
    {
      name: `a verifier of the ${suite} never answers`,
      script: say("hangs"),
      expected: unverifiable,
      need: { activeMs: hangMs(rules, verifiers[suite]) },
    },
  ];
}

const rejections = (count: number, about: (n: number) => string): ScriptedVerdict[] =>
  Array.from({ length: count }, (_, n) => ({ verdict: "failed", fingerprint: about(n) }));

/** Steps of a rejection that is told in ever new words; more are not cheap. */
const rejectionsMax = 100;

/** What ends a run whose claim of done is never believed. */
function rejectedForever(rules: LoopRules): Case[] {
  const { limits, retry, progress } = rules;
  const hasMetric = progress.metric !== undefined;
  const different = { goal: rejections(rejectionsMax + 1, (n) => `the ${n}th`) };
  const failures = retry.failuresInARow + 1;
  const fruitless = fruitlessSteps(rules);
  if (hasMetric)
    return [
      {
        name: "the goal is rejected for ever, and the metric does not improve",
        script: different,
        expected: limits.steps > fruitless ? escalated("noProgress") : limited(rules, "steps"),
        need: { steps: Math.min(fruitless, limits.steps, rejectionsMax) },
      },
    ];
  return [
    ...(retry.sameFailure === 2
      ? [
          {
            name: "the goal is rejected twice for the same reason",
            script: { goal: rejections(2, () => "the same") },
            expected: escalated("sameFailure"),
            need: { steps: 2 },
          },
        ]
      : []),
    {
      name: "the goal is rejected for ever, each time for another reason",
      script: different,
      expected: limits.steps >= failures ? escalated("retriesExhausted") : limited(rules, "steps"),
    },
  ];
}

/** What verifiers can say, and what becomes of it. `subject`: a tool whose actions can be proposed. */
export function verificationCases(contract: LoopContract, subject: Subject | undefined): Case[] {
  const { rules, workspace } = contract;
  const changing: Script = { turns: [{}], writes: ["something new"] };
  const proposal = subject === undefined ? null : { turns: [proposing(subject)] };
  const turn = workspace === null ? proposal : changing;
  return [
    ...(rules.progress.metric === undefined
      ? []
      : [
          {
            name: "the metric cannot be measured where the run starts",
            script: { verdicts: "unverifiable" as const },
            expected: unverifiable,
          },
        ]),
    ...(workspace === null
      ? []
      : [
          {
            name: "a change of the workspace is proved, and then the goal",
            script: changing,
            expected: succeeded,
            need: { steps: 2 },
          },
        ]),
    ...(turn === null ? [] : verdictCases(contract, "proposal", turn)),
    ...verdictCases(contract, "goal", {}),
    ...rejectedForever(rules),
  ];
}
