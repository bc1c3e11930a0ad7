import { initialState, type LoopState } from "../../actions/state.ts";

const people: Record<string, string> = {
  "": "",
  "host.recovered": "host recovered",
  "host.failed": "a fold failed",
  "commit.refused": "commit refused",
  "effect.lateOutcome": "late outcome",
  "approval.granted": "approval granted",
  "approval.denied": "approval denied",
  "directive.resume": "a person resumes",
  "directive.settle": "a person settles",
  "directive.abort": "a person aborts",
  "directive.halt": "halt",
  "directive.liftHalt": "halt lifted",
};

/** An event type in readable words; empty for a transition that needs none. */
export function eventWords(type: string): string {
  const known = people[type];
  if (known !== undefined) return known;
  const [, what, , actor = ""] = type.split(".");
  if (what === "after") return "time runs out";
  return what === "done" ? `${actor} answers` : what === "error" ? `${actor} fails` : type;
}

const spaced = (name: string): string => name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

/** A state of memory on which every parameter mapping can be evaluated, to learn the constants in it. */
const sampleContext: LoopState = {
  ...initialState({ runId: "sample", at: 0, baseTree: null }),
  turn: {
    claim: null,
    actions: [{ tool: "sample", input: null, digest: "sample" }],
    proposal: "sample",
    tree: null,
    changed: false,
  },
  call: { id: "1", openedAt: 0 },
};
const sample = {
  context: sampleContext,
  event: { type: "sample", output: { turn: sampleContext.turn, facts: {} }, grants: [] },
};

/** The parameters that tell apart two uses of one guard. */
const telling = ["reason", "how", "kind", "wanted", "name"] as const;

function parametersOf(params: unknown): Record<string, unknown> {
  if (typeof params !== "function") return (params ?? {}) as Record<string, unknown>;
  try {
    return params(sample) as Record<string, unknown>;
  } catch {
    return {};
  }
}

type Guard = string | { type: string; params?: unknown } | ((...args: never[]) => unknown) | undefined;

/** A guard in readable words, with what it is asked about; `null` where there is none. */
export function guardWords(guard: Guard): string | null {
  if (guard === undefined || typeof guard === "function") return null;
  if (typeof guard === "string") return spaced(guard);
  const params = parametersOf(guard.params);
  const about = telling.map((key) => params[key]).find((value) => typeof value === "string");
  return about === undefined ? spaced(guard.type) : `${spaced(guard.type)} ${spaced(about as string)}`;
}
