import type { Action, Turn } from "../../actions/state.ts";
import { ErrorClass } from "../../guards/retry.ts";
import type { CallName } from "../../machines/events.ts";
import type { Choose } from "./choices.ts";
import { factsAbout } from "./facts.ts";
import { now } from "./forget.ts";
import { canRunOut, type Found } from "./found.ts";
import { laterDigest, presentDigest, treeMoved, treeNow } from "./names.ts";
import { type Move, type Situation, stampAt, toolNamed, type World } from "./situation.ts";

type Reply = { output: object; label: () => string; found?: readonly Found[] };

const nothing: readonly Found[] = [];

/** What a failure can turn out to be beside itself: one too many, or the same once more. */
export const streaks = (choose: Choose): readonly Found[] =>
  choose<readonly Found[]>([nothing, ["too many failures"], ["the same failure again"]]);

const failedWith = (errorClass: ErrorClass, retryAfterMs: number | null = null) => ({
  failure: { errorClass, message: "", retryAfterMs },
  fingerprint: "f",
});

function failure(choose: Choose) {
  const errorClass = choose(ErrorClass.options);
  const found = streaks(choose);
  const tooLate = found.length === 0 && choose([false, true]);
  const fields = failedWith(errorClass, tooLate ? Number.MAX_SAFE_INTEGER : null);
  return { found, fields, words: `${errorClass}${tooLate ? ", to be tried again much later" : ""}` };
}

const isRead = ({ rules }: World, name: string): boolean => toolNamed(rules, name).effect === "read";

/** The tools of a turn's next action: of a turn that only reads, those that read. */
function namesFor(world: World, onlyReads: boolean): string[] {
  const names = world.tools.map(({ names: [first] }) => first!);
  return onlyReads ? names.filter((name) => isRead(world, name)) : names;
}

/** One action. Whether an equal one was applied before is found out when it is assessed. */
const actionOf = (world: World, onlyReads: boolean, choose: Choose): Action => ({
  tool: choose(namesFor(world, onlyReads)),
  input: null,
  digest: presentDigest,
});

/** Whether anything follows, and of which kind, is all that is said of an action before its turn has come. */
const laterActions = (world: World, onlyReads: boolean, choose: Choose): Action[] => {
  const tool = world.tools.find(({ names: [name] }) => isRead(world, name!) === onlyReads)?.names[0];
  return tool !== undefined && choose([false, true]) ? [{ tool, input: null, digest: laterDigest }] : [];
};

/** The action whose turn has come, now that it is looked at, and what follows it. */
export function unfold(world: World, turn: Turn, cursor: number, choose: Choose): Turn {
  const onlyReads = isRead(world, turn.actions[cursor]!.tool);
  const action = actionOf(world, onlyReads, choose);
  return {
    ...turn,
    actions: [...turn.actions.slice(0, cursor), action, ...laterActions(world, onlyReads, choose)],
  };
}

/** A turn of reads and effects is no turn of reads alone, whichever comes first. */
function laterOfKind(world: World, reads: boolean): Action[] {
  const tool = world.tools.find(({ names: [name] }) => isRead(world, name!) === reads)?.names[0];
  return tool === undefined ? [] : [{ tool, input: null, digest: laterDigest }];
}

function proposed(world: World, choose: Choose): Pick<Turn, "claim" | "actions"> {
  const first = actionOf(world, false, choose);
  const reads = isRead(world, first.tool);
  const rest = [[], laterOfKind(world, reads), laterOfKind(world, !reads)];
  const distinct = rest.filter((later, i) => i === 0 || later.length > 0);
  return { claim: choose([null, "done"]), actions: [first, ...choose(distinct)] };
}

function tooMany({ rules, tools }: World): Action[] {
  const action = { tool: tools[0]!.names[0]!, input: null, digest: presentDigest };
  return Array.from({ length: rules.limits.actionsPerTurn + 1 }, () => action);
}

function turnOf(world: World, choose: Choose): Turn {
  const tree = world.hasWorkspace ? treeNow : null;
  const none = { claim: null, actions: [], proposal: "p", tree, changed: false };
  const kinds: (() => Turn)[] = [
    () => ({ ...none, ...proposed(world, choose) }),
    () => none,
    () => ({ ...none, claim: "done" }),
    () => ({ ...none, claim: "stuck" }),
    () => ({ ...none, actions: tooMany(world) }),
    ...(world.hasWorkspace ? [() => ({ ...none, changed: true })] : []),
  ];
  return choose(kinds)();
}

function turnWords({ claim, actions, changed }: Turn, most: number): string {
  if (actions.length > most) return "the agent proposes too many actions";
  const [first, second] = actions;
  const more = second === undefined ? "" : `, and more (${second.tool})`;
  const what = first === undefined ? (changed ? "changes to the workspace" : "nothing") : first.tool + more;
  return `the agent proposes ${what}${claim === null ? "" : `, and claims ${claim}`}`;
}

function acted(world: World, choose: Choose): Reply {
  if (choose(["turn", "failed"]) === "failed") {
    const { fields, found, words } = failure(choose);
    const output = { kind: "failed", ...fields, usage: null, transcript: null };
    return { output, found, label: () => `the agent fails: ${words}` };
  }
  const turn = turnOf(world, choose);
  const output = { kind: "turn", turn, usage: null, memory: null, note: null, transcript: null };
  return { output, label: () => turnWords(turn, world.rules.limits.actionsPerTurn) };
}

function verified(world: World, { state, context }: Situation, choose: Choose): Reply {
  const result = choose(["passed", "failed", "unverifiable"] as const);
  const found = result === "failed" ? streaks(choose) : nothing;
  const hasMetric = world.rules.progress.metric !== undefined;
  const score = !hasMetric ? null : state === "measuring" ? choose([0, null]) : 0;
  return {
    found,
    label: () => `the checks say ${result}${hasMetric && score === null ? ", and measured nothing" : ""}`,
    output: {
      purpose: "proposal",
      proposal: context.turn?.proposal ?? "",
      tree: world.hasWorkspace ? treeNow : null,
      result,
      fingerprint: "f",
      summary: "",
      score,
      evidence: "",
      usage: { tokens: 0, costMicroUsd: 0 },
    },
  };
}

/** What can be found out when the facts about an action are there. */
const atGate: readonly (readonly Found[])[] = [
  nothing,
  ["the verdict is too old"],
  ["activeMs are used up"],
  ["deadlineMs are used up"],
  ["effects are used up"],
  ["questions are used up"],
  ["reverifications are used up"],
  ["the verdict is too old", "reverifications are used up"],
];

function assessed(world: World, at: Situation, choose: Choose): Reply {
  const { facts, words } = factsAbout(world, at, choose);
  const { tool } = at.context.turn!.actions[0]!;
  return {
    found: choose(atGate),
    label: () => [`the facts about ${tool}`, words().join(", ") || "all is well"].join(": "),
    output: { actionDigest: "", recorded: null, facts },
  };
}

function observed(choose: Choose): Reply {
  if (choose(["observed", "failed"]) === "observed") {
    return { output: { outcome: "observed", result: null, resultDigest: "r" }, label: () => "it is read" };
  }
  const { fields, found, words } = failure(choose);
  return { output: { outcome: "failed", ...fields }, found, label: () => `the read fails: ${words}` };
}

function executed(choose: Choose): Reply {
  const outcome = choose(["applied", "notApplied", "unknown"] as const);
  if (outcome === "applied") {
    return { output: { outcome, result: null, resultDigest: "r" }, label: () => "the effect is applied" };
  }
  if (outcome === "unknown") {
    const found = streaks(choose);
    return {
      output: { outcome, ...failedWith("timeout") },
      found,
      label: () => "nobody knows whether it was applied",
    };
  }
  const { fields, found, words } = failure(choose);
  return {
    output: { outcome, ...fields },
    found,
    label: () => `the effect was surely not applied: ${words}`,
  };
}

function reconciled(choose: Choose): Reply {
  const found = choose(["applied", "absent", "unknown"] as const);
  const label = () => `asked, the tool says ${found}`;
  if (found === "applied") return { output: { found, result: null, resultDigest: "r" }, label };
  const often: readonly Found[] = ["it was asked too often"];
  if (found === "unknown") {
    return {
      output: { found, failure: failedWith("timeout").failure },
      label,
      found: choose([nothing, often]),
    };
  }
  const settled: readonly (readonly Found[])[] = [
    nothing,
    often,
    ["what was sent has settled"],
    ["what was sent has settled", "too many failures"],
  ];
  return { output: { found }, label, found: choose(settled) };
}

function confirmed({ hasWorkspace }: World, choose: Choose): Reply {
  const isConfirmed = choose([true, false]);
  const moved = isConfirmed && hasWorkspace && choose([false, true]);
  const tree = moved ? treeMoved : hasWorkspace ? treeNow : null;
  const what = isConfirmed ? "confirmed" : "not confirmed";
  return {
    output: { confirmed: isConfirmed, tree, detail: null },
    label: () => `the effect is ${what}${moved ? ", and changed the workspace" : ""}`,
  };
}

function replyTo(world: World, at: Situation, name: CallName, choose: Choose): Reply {
  switch (name) {
    case "act":
      return acted(world, choose);
    case "verify":
      return verified(world, at, choose);
    case "assess":
      return assessed(world, at, choose);
    case "observe":
      return observed(choose);
    case "execute":
      return executed(choose);
    case "reconcile":
      return reconciled(choose);
    case "confirm":
      return confirmed(world, choose);
  }
}

/** The answer to the call that is awaited. */
export function reply(world: World, at: Situation, name: CallName, choose: Choose): Move {
  const { output, label, found = nothing } = replyTo(world, at, name, choose);
  const { id } = at.context.call ?? { id: "none" };
  const event = {
    type: `xstate.done.actor.${name}`,
    actorId: name,
    output: { ...stampAt(now), callId: id, ...output },
  };
  return { event, label, found, outside: false };
}

/** What can stand in the way of a turn that was about to start. */
export function obstacles({ rules }: World, isRestart: boolean): readonly (readonly Found[])[] {
  const limits = (["deadlineMs", "activeMs", "tokens", "costMicroUsd"] as const).filter((name) =>
    canRunOut(name, rules),
  );
  const used = limits.map((name): readonly Found[] => [`${name} are used up`]);
  if (isRestart) return [nothing, ...used];
  return [
    nothing,
    ...used,
    ["steps are used up"],
    ["an action repeats itself"],
    ["an action repeats itself again"],
    ["no progress"],
    ["no progress again"],
  ];
}
