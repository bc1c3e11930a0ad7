import type { z } from "zod";
import { Limits, type Usage } from "../../guards/continue.ts";
import { ToolRules } from "../../guards/tool.ts";
import { LoopRules } from "../../machines/rules.ts";
import { LoopwrightError } from "../base/errors.ts";
import type { Agent } from "../ports/agent.ts";
import type { AnyTool, Tool } from "../ports/tool.ts";
import type { Verifier } from "../ports/verifier.ts";
import type { Workspace } from "../ports/workspace.ts";
import { adviceFor } from "./advice.ts";
import { Clauses, type Continue, type Escalate, type Verify } from "./clauses.ts";
import type { LoopContract, PolicyRule } from "./contract.ts";

/** Verifiers of which the first is no opinion: a model's judgement alone proves nothing. */
export type Proof = readonly [Verifier<"check"> | Verifier<"human">, ...Verifier[]];

/** What a person writes: the four answers, and what they are about. */
export type LoopAnswers<Tools extends Record<string, AnyTool> = Record<string, AnyTool>> = {
  /** Name of the loop: letters, digits, dots, dashes, underscores. */
  name: string;
  agent: Agent;
  /** The longest one turn may take, in milliseconds. Default 15 minutes. */
  turnTimeoutMs?: number;
  workspace?: Workspace | null;
  tools?: Tools;
  /** What stops this loop? */
  continue: z.input<typeof Continue>;
  /** What proves the last step worked? */
  verify: Omit<z.input<typeof Verify>, "proposal" | "goal"> & { proposal: Proof; goal: Proof };
  /** What is safe to attempt again? */
  retry: z.input<typeof import("../../guards/retry.ts").RetryRules>;
  /** What forces a hand-off? */
  escalate: Omit<z.input<typeof Escalate>, "policy"> & {
    policy?: readonly PolicyRule<Extract<keyof NoInfer<Tools>, string>>[];
  };
};

/** Registered, so that a contract made by another copy of this package is known as one too. */
const brand = Symbol.for("loopwright.contract");

/** Was this value made by `defineLoop`? */
export const isLoopContract = (value: unknown): value is LoopContract =>
  typeof value === "object" && value !== null && brand in value;

// A prompt is advice: a clause that is a text would be enforced by nobody.
const saidOf: z.core.$ZodErrorMap = ({ code, input, ...issue }) => {
  if (input === undefined) return "is missing";
  const isText = code === "invalid_type" && issue.expected === "object" && typeof input === "string";
  return isText ? "is a text, which nothing can enforce; it takes fields" : undefined;
};

type Problem = { field: string; message: string; fix: string };

function problemOf(issue: z.core.$ZodIssue): Problem {
  const path = issue.path.map(String);
  const field = path.join(".") || "the contract";
  const message =
    issue.code === "unrecognized_keys" ? `unknown field ${issue.keys.join(", ")}` : issue.message;
  return { field, message, fix: adviceFor(path) };
}

/** Refuses a contract; the first problem gives field and advice, the others are listed. */
function refuse(name: string, problems: readonly Problem[]): never {
  const [first] = problems as [Problem];
  const others = problems.slice(1, 5).map(({ field, message }) => `\n  also ${field}: ${message}`);
  throw new LoopwrightError({
    code: "contract",
    field: first.field,
    message: `contract "${name}": ${first.field}: ${first.message}${others.join("")}`,
    fix: first.fix,
  });
}

const listOf = <Item>(value: Item | readonly Item[] | undefined): readonly Item[] =>
  value === undefined ? [] : ((Array.isArray(value) ? value : [value]) as readonly Item[]);

/** What no single field can know: names that must exist, clauses that need each other. */
function crossCheck(clauses: Clauses): Problem[] {
  const names = Object.keys(clauses.tools);
  const problems: Problem[] = [];
  const add = (field: string, message: string, fix: string) => problems.push({ field, message, fix });
  for (const [key, tool] of Object.entries(clauses.tools)) {
    if (tool.name !== key)
      add(`tools.${key}`, `the tool calls itself "${tool.name}"`, `write tools: { "${tool.name}": … }`);
  }
  for (const [i, rule] of clauses.escalate.policy.entries()) {
    for (const name of listOf(rule.tool).filter((tool) => !names.includes(tool))) {
      const known = names.length === 0 ? "this loop declares no tools" : `the tools are: ${names.join(", ")}`;
      add(`escalate.policy.${i}.tool`, `there is no tool "${name}"`, known);
    }
  }
  for (const name of (clauses.continue.repetition?.exempt ?? []).filter((tool) => !names.includes(tool))) {
    add(
      "continue.repetition.exempt",
      `there is no tool "${name}"`,
      `name tools of this loop: ${names.join(", ") || "none"}`,
    );
  }
  const mode = clauses.retry.workspace;
  if ((mode === "ratchet" || mode === "strictRatchet") && clauses.continue.progress?.metric === undefined) {
    add(
      "retry.workspace",
      `"${mode}" needs to know which tree is better`,
      "name a metric in continue.progress.metric",
    );
  }
  if (mode !== undefined && mode !== "keep" && clauses.workspace === null) {
    add("retry.workspace", `"${mode}" needs a workspace`, "write workspace: gitWorkspace()");
  }
  return problems;
}

const rulesOf = (tool: Tool): ToolRules => {
  const { effect, sensitivity, repeat, settlesWithinMs, burnsKey, timeoutMs } = tool;
  return ToolRules.parse({ effect, sensitivity, repeat, settlesWithinMs, burnsKey, timeoutMs });
};

/** The most that the opinions of the dearer suite can use in one verification. */
function opinionsOf({ verify: { proposal, goal } }: Clauses): LoopRules["opinions"] {
  const sum = (verifiers: readonly Verifier[], name: keyof Usage): number =>
    verifiers.reduce((total, { maxPerCall }) => total + (maxPerCall?.[name] ?? 0), 0);
  const most = (name: keyof Usage): number => Math.max(sum(proposal, name), sum(goal, name));
  return { maxPerVerification: { tokens: most("tokens"), costMicroUsd: most("costMicroUsd") } };
}

function toRules(clauses: Clauses): LoopRules {
  const { agent, continue: goOn, verify, escalate } = clauses;
  return LoopRules.parse({
    agent: { timeoutMs: clauses.turnTimeoutMs, maxPerTurn: agent.maxPerTurn ?? null },
    opinions: opinionsOf(clauses),
    tools: Object.fromEntries(Object.entries(clauses.tools).map(([name, tool]) => [name, rulesOf(tool)])),
    limits: Limits.parse(goOn.limits),
    repetition: goOn.repetition,
    progress: goOn.progress,
    verify: { maxAgeMs: verify.maxAgeMs, timeoutMs: verify.timeoutMs },
    retry: clauses.retry,
    escalate: { onLimit: escalate.onLimit, parkTimeoutMs: escalate.parkTimeoutMs },
    approvals: escalate.approvals,
  });
}

/**
 * Makes a loop contract of a person's four answers: what stops the loop, what proves a step, what may be tried again,
 * what forces a hand-off. Every limit gets a finite default. Throws `LoopwrightError` (code `contract`) that names the
 * clause and says what to write when an answer is missing, is not an answer, or contradicts another.
 *
 * @example
 * const loop = defineLoop({
 *   name: "fix",
 *   agent: commandAgent({ command: ["claude", "-p"] }),
 *   workspace: gitWorkspace(),
 *   tools: { "git.commit": gitCommit({ branch: "loopwright/fix" }) },
 *   continue: { limits: { steps: 20 } },
 *   verify: { proposal: [diffScope({ allow: ["src/**"] })], goal: [tests({ command: ["npm", "test"] })] },
 *   retry: {},
 *   escalate: { policy: [{ tool: "git.commit", answer: "allow" }] },
 * });
 */
export function defineLoop<const Tools extends Record<string, AnyTool> = Record<never, never>>(
  answers: LoopAnswers<Tools>,
): LoopContract {
  const name = typeof answers?.name === "string" ? answers.name : "unnamed";
  const parsed = Clauses.safeParse(answers, { error: saidOf });
  if (!parsed.success) refuse(name, parsed.error.issues.map(problemOf));
  const clauses = parsed.data;
  const problems = crossCheck(clauses);
  if (problems.length > 0) refuse(name, problems);
  return Object.freeze({
    name: clauses.name,
    agent: clauses.agent,
    workspace: clauses.workspace,
    tools: clauses.tools,
    verifiers: { proposal: clauses.verify.proposal, goal: clauses.verify.goal },
    policy: clauses.escalate.policy as PolicyRule[],
    rules: toRules(clauses),
    [brand]: true,
  });
}
