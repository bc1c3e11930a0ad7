import type { LoopContract } from "../../contract/contract.ts";
import { type Case, escalated, succeeded } from "./case.ts";
import { errorClasses, manners } from "./manner.ts";
import { backoffsMs } from "./room.ts";
import { actionOf, passageOf, playing, type Subject } from "./subject.ts";

/** How a read can end. */
export function readCases(contract: LoopContract, subject: Subject): Case[] {
  const { name, rules, tool, route } = subject;
  if (!subject.isRead || route === null) return [];
  const passage = passageOf(contract, subject, { way: route });
  const { need } = passage;
  const calls = (count: number) => ({ calls: { [name]: count } });
  const again = { ...succeeded, ...calls(2) };
  return [
    {
      name: `${name}: it is read`,
      script: playing(subject, passage),
      expected: { ...succeeded, ...calls(1) },
      need,
    },
    {
      name: `${name}: it is read before anything is claimed`,
      script: { ...playing(subject, passage), turns: [{ actions: [actionOf(subject)] }] },
      expected: { ...succeeded, ...calls(1) },
      need: { ...need, steps: 2 },
    },
    {
      name: `${name}: the read never answers, and is tried again`,
      script: playing(subject, passage, { modes: ["hangs"] }),
      expected: again,
      need: { ...need, activeMs: tool.timeoutMs, waitMs: backoffsMs(rules, 1) },
    },
    {
      name: `${name}: the read breaks, and is tried again`,
      script: playing(subject, passage, { modes: ["breaks"] }),
      expected: again,
      need: { ...need, waitMs: backoffsMs(rules, 1) },
    },
    ...errorClasses.map((errorClass): Case => {
      const manner = manners[errorClass];
      const after = {
        backoff: { words: "is tried again", expected: again },
        correct: { words: "the agent hears of it", expected: { ...succeeded, ...calls(1) } },
        person: { words: "needs a person", expected: { ...escalated("missingPermission"), ...calls(1) } },
      }[manner];
      return {
        name: `${name}: the read fails: ${errorClass}, ${after.words}`,
        script: playing(subject, passage, { modes: [{ refuses: errorClass }] }),
        expected: after.expected,
        need: { ...need, steps: manner === "correct" ? 2 : 1, waitMs: backoffsMs(rules, 1) },
      };
    }),
  ];
}
