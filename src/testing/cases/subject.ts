import type { PolicyAnswer } from "../../../guards/policy.ts";
import type { LoopRules } from "../../../machines/rules.ts";
import type { ScriptedReply } from "../../agents/index.ts";
import { surroundingsOf } from "../../check/surroundings.ts";
import type { LoopContract } from "../../contract/contract.ts";
import { policyAnswer } from "../../engine/performers/assess.ts";
import type { Json } from "../../ports/json.ts";
import type { Tool } from "../../ports/tool.ts";
import { misfitOf, samplesOf } from "../sample.ts";
import type { Script, ToolScript, Word } from "../script.ts";
import type { Need } from "./room.ts";

/** One declared tool of a contract, and how its actions come through the gate there. */
export type Subject = {
  rules: LoopRules;
  tool: Tool;
  name: string;
  /** Different arguments that it takes, and such that it does not. */
  inputs: readonly Json[];
  misfit: Json | undefined;
  isRead: boolean;
  /** What the policy can answer. */
  answers: readonly PolicyAnswer[];
  /** A person can be asked; enough people can answer. */
  canBeAsked: boolean;
  canBeGranted: boolean;
  /** How an action can run: without a person's word, only with one, or not at all. */
  route: "free" | "asked" | null;
};

/** A destructive or sensitive action is asked about, whatever the policy allows. */
const needsWord = ({ effect, sensitivity }: Tool): boolean =>
  effect === "destructive" || sensitivity.length > 0;

function routeOf(
  tool: Tool,
  { answers, canBeAsked, canBeGranted }: Pick<Subject, "answers" | "canBeAsked" | "canBeGranted">,
): Subject["route"] {
  if (!needsWord(tool) && answers.includes("allow")) return "free";
  return canBeAsked && canBeGranted ? "asked" : null;
}

/** What the tests know of one tool. Refuses (`usage`) one without arguments to try. */
export function subjectOf(contract: LoopContract, name: string, given: readonly Json[] = []): Subject {
  const { rules } = contract;
  const tool = contract.tools[name]!;
  const { policy: answers } = surroundingsOf(contract, [name]).tools.find(({ names }) => names[0] === name)!;
  const { approvers, quorum } = rules.approvals;
  const word = {
    answers,
    canBeAsked: answers.includes("ask") || (needsWord(tool) && answers.includes("allow")),
    canBeGranted: new Set(approvers).size >= quorum,
  };
  return {
    rules,
    tool,
    name,
    inputs: samplesOf(tool, given),
    misfit: misfitOf(tool),
    isRead: tool.effect === "read",
    ...word,
    route: routeOf(tool, word),
  };
}

/** The arguments of each action as the tool declares its business key: different ones are different effects. */
export function distinctInputs({ tool, inputs }: Subject): readonly Json[] {
  const keys = inputs.map((input) => tool.dedupe?.(tool.input.parse(input)) ?? JSON.stringify(input));
  return inputs.filter((_, i) => keys.indexOf(keys[i]!) === i);
}

/** Would an action of this tool, written by its name, be answered like this by the contract's own policy? */
const isOwnAnswer = (contract: LoopContract, { tool, inputs }: Subject, answer: PolicyAnswer): boolean =>
  inputs.every((input) => policyAnswer(contract.policy, tool, tool.input.parse(input)) === answer);

/** The script of a tool about whose actions the gate knows no objection, and the policy answers this. */
export function gateOf(contract: LoopContract, subject: Subject, answer: PolicyAnswer): ToolScript {
  const { tool } = subject;
  return {
    ...(!isOwnAnswer(contract, subject, answer) && { policy: answer }),
    ...(tool.inScope && { inScope: true }),
    ...(tool.permitted && { permitted: true }),
  };
}

/** The answer of the policy with which actions are asked about; one that must be asked about anyway is best allowed. */
export const askingAnswer = ({ tool, answers }: Subject): PolicyAnswer =>
  needsWord(tool) && answers.includes("allow") ? "allow" : "ask";

/** An action of the tool, with its n-th arguments. */
export const actionOf = ({ name, inputs }: Subject, n = 0) => ({ tool: name, input: inputs[n] ?? null });

/** A turn that proposes this and claims to be done with it. */
export const proposing = (subject: Subject, n = 0): ScriptedReply => ({
  actions: [actionOf(subject, n)],
  claim: "done",
});

/** Questions that are asked before so many attempts of one action are over; a destructive one asks before each. */
const questionsFor = ({ tool }: Subject, way: "free" | "asked", attempts: number): number =>
  way === "free" ? 0 : tool.effect === "destructive" ? attempts : 1;

const grants = (count: number): Word[] => Array.from({ length: count }, () => "grant");

/** One action of a tool on its way through the gate: the words it takes, and what it takes of the limits. */
export type Passage = {
  words: readonly Word[];
  gate: ToolScript;
  need: Required<Pick<Need, "questions" | "reverifications">>;
};

/** How an action of the tool passes the gate so many times. */
export function passageOf(
  contract: LoopContract,
  subject: Subject,
  { way, attempts = 1 }: { way: "free" | "asked"; attempts?: number },
): Passage {
  const questions = questionsFor(subject, way, attempts);
  // Being asked parks the run, and a wait can make a verdict too old.
  const reverifications = subject.isRead ? 0 : questions + attempts - 1;
  return {
    words: grants(questions),
    gate: gateOf(contract, subject, way === "free" ? "allow" : askingAnswer(subject)),
    need: { questions, reverifications },
  };
}

/** A script in which the tool behaves like this, and the gate is as it is. */
export const playing = (subject: Subject, { words, gate }: Passage, script: ToolScript = {}): Script => ({
  turns: [proposing(subject)],
  tools: { [subject.name]: { ...gate, ...script } },
  people: words,
});
