import type { LoopContract } from "../../contract/contract.ts";
import type { Crash, ToolScript } from "../script.ts";
import { type Case, done, type Expected, succeeded } from "./case.ts";
import { backoffsMs, type Need } from "./room.ts";
import { passageOf, playing, type Subject } from "./subject.ts";

const restarted: Expected = { ...succeeded, recoveries: 1 };

/** The process is killed in a state that comes up in every run. */
export function crashCases({ rules }: LoopContract): Case[] {
  const killed = (state: string, words: string, need: Need): Case => ({
    name: `the process is killed while ${words}`,
    script: { turns: [done], crashes: [state] },
    expected: restarted,
    need,
  });
  return [
    killed("acting", "the agent works", { forfeits: 1 }),
    killed("verifying", "the goal is verified", { forfeits: 1 }),
    ...(rules.progress.metric === undefined
      ? []
      : [killed("measuring", "the metric is measured", { forfeits: 1 })]),
  ];
}

/** The process is killed around one action of a tool, in each state that makes a call. */
export function toolCrashCases(contract: LoopContract, subject: Subject): Case[] {
  const { name, tool, route, rules, isRead } = subject;
  if (route === null) return [];
  const killed = (
    words: string,
    crash: Crash,
    { attempts = 1, calls = attempts, applied = 1, expected = restarted, script = {}, need = {} }: Killed,
  ): Case => {
    const passage = passageOf(contract, subject, { way: route, attempts });
    return {
      name: `${name}: the process is killed while ${words}`,
      script: { ...playing(subject, passage, script), crashes: [crash] },
      expected: { ...expected, calls: { [name]: calls }, ...(!isRead && { applied: { [name]: applied } }) },
      need: {
        ...passage.need,
        effects: 1,
        forfeits: 1,
        ...need,
        waitMs: (need.waitMs ?? 0) + backoffsMs(rules, attempts - 1),
      },
    };
  };
  const assessed = killed("it is assessed", "effect.assessing", {});
  if (isRead) return [assessed, killed("it is read", "effect.observing", {})];
  return [
    killed("its proposal is verified", "verifying", {}),
    assessed,
    ...sendingCases(subject, killed),
    killed("it is confirmed", "effect.confirming", {}),
    ...(tool.repeat === "reconcile"
      ? [
          killed("it is asked what happened", "effect.reconciling", {
            script: { modes: ["losesReply"] },
          }),
        ]
      : []),
  ];
}

type Killed = {
  attempts?: number;
  calls?: number;
  applied?: number;
  expected?: Expected;
  script?: ToolScript;
  need?: Need;
};
type Kill = (words: string, crash: Crash, told: Killed) => Case;

/** Between intent and outcome nobody can tell whether it was sent. */
function sendingCases({ tool }: Subject, killed: Kill): Case[] {
  const inDoubt: Expected = { status: "inDoubt", reason: "unknownOutcome", recoveries: 0 };
  const expected: Expected = { ...succeeded, recoveries: 0 };
  const [unsent, sent]: [Killed, Killed] = {
    never: [{ expected: inDoubt, calls: 0, applied: 0 }, { expected: inDoubt }],
    reconcile: [
      { expected, attempts: 2, calls: 1, need: { waitMs: tool.settlesWithinMs, failures: 2 } },
      { expected },
    ],
    safe: [
      { expected, attempts: 2, calls: 1 },
      { expected, attempts: 2 },
    ],
  }[tool.repeat] as [Killed, Killed];
  return [
    killed("its intent is written and nothing sent", "effect.committing", unsent),
    killed("it was sent and nobody heard the answer", { sent: true }, sent),
  ];
}
