import { bounded } from "../base/text.ts";
import type { Feedback, Remaining, ToolDescription, TurnRequest } from "../ports/agent.ts";
import type { Json } from "../ports/json.ts";

const json = (value: Json): string => bounded(JSON.stringify(value));

/** One item of feedback as the agent reads it. */
function feedbackText(item: Feedback): string {
  switch (item.kind) {
    case "instruction":
      return `Instruction from a person: ${bounded(item.text)}`;
    case "verificationFailed":
      return `The checks refused your last turn${item.score === null ? "" : ` (score ${item.score})`}:\n${bounded(item.text)}`;
    case "failure":
      return `Your last turn failed (${item.errorClass}): ${bounded(item.text)}`;
    case "observed":
      return `You asked ${item.tool} and it answered: ${json(item.result)}`;
    case "applied":
      return `Applied: ${item.tool}, with the result ${json(item.result)}. Do not propose it again.`;
    case "alreadyApplied":
      return `Not repeated: ${item.tool} was applied earlier, with the result ${json(item.result)}.`;
    case "denied":
      return `Denied by a person: ${item.tool}. ${bounded(item.text)}`;
    case "nudge":
      return `You are repeating yourself: ${bounded(item.text)}`;
  }
}

const minutes = (milliseconds: number): string => `${Math.max(0, Math.round(milliseconds / 60_000))} minutes`;

const dollars = (microUsd: number): string => `$${(microUsd / 1_000_000).toFixed(2)}`;

const remainingText = (left: Remaining): string =>
  [
    `- turns: ${left.steps}, this one included`,
    `- working time: ${minutes(left.activeMs)}; until the deadline: ${minutes(left.deadlineMs)}`,
    `- tokens: ${left.tokens}; cost: ${dollars(left.costMicroUsd)}`,
    `- actions in one turn: ${left.actionsPerTurn}; effects in all: ${left.effects}`,
  ].join("\n");

const toolText = ({ name, effect, description, inputSchema }: ToolDescription): string =>
  `- ${name} (${effect}): ${description}\n  input: ${JSON.stringify(inputSchema)}`;

const protocol = `Work in the current directory: what you edit there is part of your turn. Everything outside it happens
only by an action that you propose here and that the runtime checks, asks a person about where that is due, and carries out.
End your answer with one JSON object, alone on its last line or in a \`\`\`json block:

{"actions":[{"tool":"NAME","input":{}}],"claim":"done","note":"what this turn tried"}

Every key may be left out. "actions" are tried in order. "claim" is "done" when the goal is reached, which is then checked, or
"stuck" when only a person can help; leave it out to go on. "note" is one line for the log.`;

const section = (title: string, text: string): string => `# ${title}\n\n${text}\n`;

/** The prompt of a turn: goal, what happened, what is left, the tools, and how to answer. Each text in it is bounded. */
export function promptOf(request: TurnRequest): string {
  const feedback = request.feedback.map(feedbackText).join("\n\n");
  const tools = request.tools.map(toolText).join("\n");
  return [
    section("Goal", request.goal),
    section(`What happened before this turn (turn ${request.step})`, feedback || "Nothing yet."),
    section("What is left", remainingText(request.remaining)),
    section("Tools for actions", tools || "None: propose no actions."),
    section("How to answer", protocol),
  ].join("\n");
}
