import type { LoopContract } from "../../contract/contract.ts";
import type { Json } from "../../ports/json.ts";
import type { ToolScript } from "../script.ts";
import { type Case, done, escalated, succeeded } from "./case.ts";
import {
  actionOf,
  askingAnswer,
  distinctInputs,
  gateOf,
  passageOf,
  playing,
  proposing,
  type Subject,
} from "./subject.ts";

/** Where one word is enough, none is too few. */
const quorumMin = 2;

function refusals(contract: LoopContract, subject: Subject): Case[] {
  const { name, tool, answers, misfit, route } = subject;
  const none = { calls: { [name]: 0 } };
  const answer = answers.find((one) => one !== "forbid") ?? "forbid";
  const gate = gateOf(contract, subject, answer);
  const refused = (title: string, reason: string, script: ToolScript): Case => ({
    name: `${name}: ${title}`,
    script: { turns: [proposing(subject)], tools: { [name]: script } },
    expected: { ...escalated(reason), ...none },
  });
  return [
    { ...refused("a halt is in force", "halted", {}), script: { turns: [proposing(subject)], halted: true } },
    ...(misfit === undefined
      ? []
      : [
          {
            name: `${name}: its arguments do not fit, and the agent corrects itself`,
            script: { turns: [{ actions: [{ tool: name, input: misfit }] }] },
            expected: { ...succeeded, ...none },
            need: { steps: 2 },
          },
        ]),
    ...(answers.includes("forbid")
      ? [refused("the policy forbids it", "forbidden", gateOf(contract, subject, "forbid"))]
      : []),
    ...(tool.inScope === undefined
      ? []
      : [refused("it is out of scope", "outOfScope", { ...gate, inScope: false })]),
    ...(tool.permitted === undefined || answer === "forbid"
      ? []
      : [refused("a permission is missing", "missingPermission", { ...gate, permitted: false })]),
    ...(tool.dedupe === undefined || route === null ? [] : [duplicateCase(contract, subject, route)]),
  ];
}

/** Another run has applied an effect with the same business key. */
function duplicateCase(contract: LoopContract, subject: Subject, way: "free" | "asked"): Case {
  const { name, isRead } = subject;
  const passage = passageOf(contract, subject, { way });
  const script = playing(subject, passage);
  return {
    name: `${name}: another run holds its business key`,
    script: { ...script, people: isRead ? passage.words : [], before: [script] },
    expected: isRead
      ? { ...succeeded, calls: { [name]: 1 } }
      : { ...escalated("duplicate"), calls: { [name]: 0 } },
    need: passage.need,
  };
}

/** A person is asked, and answers like this or not at all. */
function questions(contract: LoopContract, subject: Subject): Case[] {
  const { name, rules, canBeGranted } = subject;
  const { timeoutMs, quorum, approvers } = rules.approvals;
  const none = { calls: { [name]: 0 } };
  const waits = { status: "awaitingApproval", reason: name, ...none } as const;
  const gate = gateOf(contract, subject, askingAnswer(subject));
  const asking = { turns: [proposing(subject)], tools: { [name]: gate } };
  const passage = passageOf(contract, subject, { way: "asked" });
  const granted = {
    script: { ...asking, people: passage.words },
    expected: { ...succeeded, calls: { [name]: 1 } },
    need: passage.need,
  };
  return [
    { name: `${name}: it is asked about, and nobody answers`, script: asking, expected: waits },
    {
      name: `${name}: it is asked about, and the question times out`,
      script: { ...asking, people: [{ waitMs: timeoutMs }] },
      expected: { ...escalated("approvalTimeout"), ...none },
      need: { parkedMs: timeoutMs },
    },
    {
      name: `${name}: it is asked about and denied`,
      script: { ...asking, people: ["deny"] },
      expected: { ...succeeded, ...none },
      need: { steps: 2 },
    },
    ...(quorum >= quorumMin && approvers.length > 0
      ? [
          {
            name: `${name}: it is asked about, and too few agree`,
            script: { ...asking, people: [{ grantOf: quorum - 1 }] },
            expected: waits,
          },
        ]
      : []),
    ...(canBeGranted
      ? [
          { name: `${name}: it is asked about, granted and runs`, ...granted },
          {
            name: `${name}: the process is killed while a question is open`,
            ...granted,
            script: { ...granted.script, crashes: ["effect.awaitingApproval"] },
          },
        ]
      : []),
  ];
}

/** An action that was applied is proposed again, and another one of the same tool. */
function repeated(contract: LoopContract, subject: Subject, way: "free" | "asked"): Case[] {
  const { name, tool, isRead } = subject;
  if (isRead) return [];
  const once = passageOf(contract, subject, { way });
  const { words, need } = once;
  const twice = { questions: 2 * need.questions, reverifications: 2 * need.reverifications };
  const [first, second] = distinctInputs(subject);
  const proposals = (input: Json) => [
    { actions: [actionOf(subject)] },
    { actions: [{ tool: name, input }], ...done },
  ];
  const script = playing(subject, once);
  const applied = (count: number) => ({ applied: { [name]: count }, calls: { [name]: count } });
  const again: Case = {
    name: `${name}: it is proposed again after it was applied`,
    script: { ...script, turns: proposals(first!) },
    expected: { ...succeeded, ...applied(1) },
    need: { ...need, steps: 2, effects: 2 },
  };
  if (second === undefined) return [again];
  // Other words evade equality, so a write that is never repeated and has no business key is asked about.
  const isAsked = way === "free" && tool.repeat === "never" && tool.dedupe === undefined;
  const other: Case = {
    name: `${name}: another one is proposed after the first was applied`,
    script: { ...script, turns: proposals(second), people: [...words, ...words] },
    expected: isAsked
      ? { status: "awaitingApproval", reason: name, ...applied(1) }
      : { ...succeeded, ...applied(2) },
    need: { ...twice, questions: isAsked ? 1 : twice.questions, steps: 2, effects: 2 },
  };
  return [again, other];
}

/** What stands before an action: everything that can keep it from running, and what a person says. */
export const gateCases = (contract: LoopContract, subject: Subject): Case[] => [
  ...refusals(contract, subject),
  ...(subject.canBeAsked ? questions(contract, subject) : []),
  ...(subject.route === null ? [] : repeated(contract, subject, subject.route)),
];
