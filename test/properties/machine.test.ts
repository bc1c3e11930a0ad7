import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Grant } from "../../guards/approval.ts";
import type { GateFacts } from "../../guards/effect.ts";
import type { ErrorClass } from "../../guards/retry.ts";
import { action, type Driven, drive, type RulesInput } from "../helpers/driving.ts";
import { taken } from "../helpers/tracing.ts";

// Plays random hosts against the machines: replies of every kind, time-outs, crashes, late outcomes, doubled replies,
// refused commits, and people's words at any time. The driver checks after each event that all monitors hold, that the
// context parses, and that the written snapshot folds alike. A small world keeps the ledger that the facts are read from.

const kinds: RulesInput["tools"] = {
  read: { effect: "read" },
  write: { effect: "write" },
  safe: { effect: "write", repeat: "safe" },
  asked: { effect: "write", repeat: "reconcile", settlesWithinMs: 90_000 },
  burning: { effect: "write", repeat: "reconcile", burnsKey: true },
  money: { effect: "write", sensitivity: ["money"] },
  drop: {},
};
const names = [...Object.keys(kinds), "undeclared"];
const classes: ErrorClass[] = [
  "rateLimited",
  "timeout",
  "internal",
  "invalidArguments",
  "conflict",
  "forbidden",
  "cancelled",
];

const small: RulesInput = {
  tools: kinds,
  approvals: { approvers: ["ann", "bob"], timeoutMs: 100_000 },
  limits: {
    steps: 4,
    effects: 3,
    questions: 3,
    recoveries: 3,
    reverifications: 3,
    actionsPerTurn: 3,
    tokens: 1_000,
  },
  agent: { maxPerTurn: { tokens: 100, costMicroUsd: 1 } },
  verify: { maxAgeMs: 120_000 },
};
const rulesOf: RulesInput[] = [
  small,
  { ...small, escalate: { onLimit: "escalate" }, approvals: { approvers: ["ann", "bob"], quorum: 2 } },
  { ...small, progress: { metric: { name: "failing" } }, retry: { failuresInARow: 2 } },
  { ...small, limits: {}, agent: {}, retry: { workspace: "reset", sameFailure: 100, failuresInARow: 100 } },
];

/** A tape of numbers from which every choice is read; an empty tape answers 0. */
type Tape = {
  left(): number;
  number(below: number): number;
  one<Item>(items: readonly Item[]): Item;
  often(percent: number): boolean;
};
function tapeOf(numbers: readonly number[]): Tape {
  let next = 0;
  const number = (below: number): number => (numbers[next++] ?? 0) % below;
  return {
    left: () => numbers.length - next,
    number,
    one: (items) => items[number(items.length)]!,
    often: (percent) => number(100) >= 100 - percent,
  };
}

/** What a store would know. */
type World = {
  tree: string;
  trees: number;
  grants: (Grant & { key: string })[];
  lost: { key: string; attempt: number }[];
  sent: number;
};

const newTree = (world: World): string => {
  world.trees += 1;
  world.tree = `tree-${world.trees}`;
  return world.tree;
};

/** Marks the grants that the last dispatch used. */
function keepLedger(run: Driven, world: World): void {
  for (const { key, grants } of run.sent.slice(world.sent)) {
    for (const grant of world.grants) if (grants.includes(grant.id)) grant.usedBy = key;
  }
  world.sent = run.sent.length;
}

const appliedKeys = (run: Driven): string[] => {
  const { journal } = run;
  let last = -1;
  return journal.flatMap((event) => {
    const { type, output, key, outcome, found } = event as never as Record<string, never> & {
      output?: { outcome?: string; found?: string };
    };
    const seen = event as { calls?: { name: string }[] };
    if (seen.calls?.some(({ name }) => name === "execute")) last += 1;
    const late = type === "effect.lateOutcome" && outcome === "applied";
    const settled = type === "directive.settle" && found === "applied";
    if (late || settled) return [String(key)];
    return output?.outcome === "applied" || output?.found === "applied" ? [run.sent[last]?.key ?? ""] : [];
  });
};

function factsFor(run: Driven, world: World, tape: Tape): Partial<GateFacts> {
  const { key, action: asked } = run.awaited!.input as {
    key: string;
    action: { tool: string; digest: string };
  };
  const applied = appliedKeys(run);
  const before = run.sent.find(
    (sent) => sent.key !== key && applied.includes(sent.key) && sent.action.digest === asked.digest,
  );
  const odd: Partial<GateFacts>[] = [
    { inputValid: false },
    { inScope: false },
    { permitted: false },
    { policy: "forbid" },
    { policy: "ask" },
    { halted: true },
    { duplicateOf: "other" },
    { appliedBefore: "other" },
  ];
  if (tape.often(5)) newTree(world);
  return {
    tree: world.tree,
    grants: world.grants.filter((grant) => grant.key === key).map(({ key: _, ...grant }) => grant),
    appliedBefore: before?.key ?? null,
    usedBefore: run.sent.some((sent) => sent.key !== key && sent.action.tool === asked.tool),
    ...(tape.often(10) ? tape.one(odd) : {}),
  };
}

function actAtRandom(run: Driven, world: World, tape: Tape): void {
  if (tape.often(15)) {
    run.failsToAct(tape.one(classes), `f${tape.number(2)}`);
    return;
  }
  const actions = Array.from({ length: tape.number(5) }, () => action(tape.one(names), `v${tape.number(3)}`));
  const changed = tape.often(50);
  if (changed) newTree(world);
  const claim = tape.one([null, null, "done", "done", "stuck"] as const);
  const usage = tape.one([null, { tokens: 10, costMicroUsd: 1 }, { tokens: 100, costMicroUsd: 1 }]);
  run.acts({ actions, changed, claim, usage, tree: world.tree, proposal: `proposal-${run.journal.length}` });
}

/** How each kind of call may be answered. */
const answers: Record<string, (run: Driven, world: World, tape: Tape) => unknown> = {
  act: actAtRandom,
  verify(run, world, tape) {
    const score = tape.one([0, 1, 2, null]);
    const result = tape.one(["passed", "passed", "passed", "failed", "unverifiable"] as const);
    return run.verifies(result, { tree: world.tree, score, fingerprint: `${result}${score}` });
  },
  assess: (run, world, tape) => run.assesses(factsFor(run, world, tape)),
  observe: (run, _, tape) =>
    tape.often(70) ? run.reads(`r${tape.number(2)}`) : run.failsToRead(tape.one(classes)),
  execute(run, world, tape) {
    if (tape.often(60)) return run.applies(`r${tape.number(2)}`);
    if (tape.often(50)) return run.refuses(tape.one(classes));
    return giveUp(run, world, () => run.losesReply(tape.one(classes)));
  },
  reconcile: (run, _, tape) => run.finds(tape.one(["applied", "absent", "absent", "unknown"] as const)),
  confirm: (run, world, tape) => run.confirms(tape.often(90), tape.often(20) ? newTree(world) : world.tree),
};

const replyAtRandom = (run: Driven, world: World, tape: Tape): void => {
  answers[run.awaited?.name ?? ""]?.(run, world, tape);
};

/** The awaited call is given up; the outcome of a dispatch may still come. */
function giveUp(run: Driven, world: World, move: () => unknown): void {
  const last = run.state === "effect.committing" ? run.sent.at(-1) : undefined;
  move();
  if (last !== undefined && run.state !== "effect.committing")
    world.lost.push({ key: last.key, attempt: last.attempt });
}

function grantAtRandom(run: Driven, world: World, tape: Tape): void {
  const { approval } = run.context;
  if (approval === null) return;
  const id = `grant-${world.grants.length}`;
  const expiresAt = run.now + tape.one([1, 50_000, 500_000]);
  const approver = tape.one(["ann", "bob", "ann", "bob", "mallory"]);
  const grant = run.grant({ id, approver, expiresAt, revoked: tape.often(5) });
  world.grants.push({ ...grant, key: approval.effectKey });
  run.grants(world.grants.filter(({ key }) => key === approval.effectKey).map(({ key: _, ...one }) => one));
}

/** A reply that was folded before comes once more: to a host it is late, and only an outcome is heard. */
function doubleAReply(run: Driven, world: World, tape: Tape): void {
  const { length } = run.sent;
  const old = length === 0 ? null : run.sent[tape.number(length)]!;
  const inFlight = run.state === "effect.committing" && old === run.sent.at(-1);
  if (old !== null && !inFlight && appliedKeys(run).includes(old.key))
    run.hearsLate("applied", old.attempt, old.key);
  else if (world.lost.length > 0) {
    const late = world.lost.splice(tape.number(world.lost.length), 1)[0]!;
    run.hearsLate(tape.often(50) ? "applied" : "notApplied", late.attempt, late.key);
  }
}

function speakAtRandom(run: Driven, world: World, tape: Tape): void {
  const raise = tape.one<Record<string, number>>([
    {},
    { steps: 1 },
    { effects: 1, questions: 1 },
    { reverifications: 1, recoveries: 1 },
  ]);
  const words = [
    () => run.resumes({ raise, say: "go on" }),
    () => run.settles(tape.one(["applied", "absent"] as const)),
    () => run.settles("absent", "run/9/9"),
    () => grantAtRandom(run, world, tape),
    () => grantAtRandom(run, world, tape),
    () => run.denies(`no ${tape.number(2)}`),
    () => run.halts(),
    () => run.liftsHalt(),
    () => (tape.often(20) ? run.aborts() : run.liftsHalt()),
  ];
  tape.one(words)();
}

/** One event of any kind. Nothing happens where a host would deliver nothing. */
function moveAtRandom(run: Driven, world: World, tape: Tape): void {
  const before = run.journal.length;
  const dice = tape.number(100);
  if (dice >= 95) giveUp(run, world, () => run.crashes());
  else if (dice >= 91 && run.timers.size > 0) giveUp(run, world, () => run.timesOut());
  else if (dice >= 86) speakAtRandom(run, world, tape);
  else if (dice >= 82) doubleAReply(run, world, tape);
  else if (dice >= 80 && run.awaited !== null) giveUp(run, world, () => run.breaks());
  else if (dice >= 79) giveUp(run, world, () => run.failsToFold());
  else if (dice >= 76) run.later(tape.number(60_000));
  else if (dice >= 74 && run.awaited?.name === "assess") refuseAtRandom(run, world, tape);
  else if (run.awaited !== null) replyAtRandom(run, world, tape);
  else if (run.state === "escalated" || run.state === "effect.awaitingApproval")
    speakAtRandom(run, world, tape);
  else run.timesOut();
  if (run.journal.length > before) keepLedger(run, world);
}

function refuseAtRandom(run: Driven, world: World, tape: Tape): void {
  const facts = factsFor(run, world, tape);
  if (run.wouldDispatch(facts)) run.isRefused(tape.one(["duplicate", "grantUsed", "halted"] as const), facts);
}

const isOver = (run: Driven): boolean => run.state === "stopped" || run.state === "succeeded";
const isParked = (run: Driven): boolean =>
  run.state === "escalated" || run.state === "effect.awaitingApproval";

/** Sequences of events for each property; the environment may ask for more. */
const runs = Number(process.env.LOOPWRIGHT_PROPERTY_RUNS ?? 40);

const tapes = fc.array(fc.nat({ max: 9_999 }), { minLength: 50, maxLength: 300, size: "max" });
const machines = fc.constantFrom("loop" as const, "call" as const);
const worldOf = (): World => ({ tree: "T1", trees: 1, grants: [], lost: [], sent: 0 });

function play(
  numbers: readonly number[],
  rules: RulesInput,
  machine: "loop" | "call",
): { run: Driven; world: World; tape: Tape } {
  const tape = tapeOf(numbers);
  const world = worldOf();
  const run = drive({ rules, machine, turn: { actions: [action(tape.one(names))] } });
  while (!isOver(run) && tape.left() > 0) moveAtRandom(run, world, tape);
  return { run, world, tape };
}

describe("the machines under any order of events", () => {
  it.each(rulesOf.map((rules, i) => [i, rules] as const))(
    "hold every monitor under the rules %i",
    (_, rules) => {
      fc.assert(
        fc.property(tapes, machines, (numbers, machine) => {
          play(numbers, rules, machine);
        }),
        { numRuns: runs },
      );
    },
  );

  it("end or park in bounded time once nobody speaks, and a parked run ends by itself", () => {
    // A few events a call, a few calls an action, a few actions a step, all of them limited: far below this.
    const enough = 3_000;
    fc.assert(
      fc.property(
        tapes,
        tapes,
        fc.constantFrom(...rulesOf.slice(0, 3)),
        machines,
        (numbers, more, rules, machine) => {
          const { run, world } = play(numbers, rules, machine);
          for (let i = 0; i < enough && !isOver(run) && !isParked(run); i++) {
            const tape = tapeOf(more.slice(i % more.length));
            if (run.awaited === null) run.timesOut();
            else if (tape.often(10)) giveUp(run, world, () => run.timesOut());
            else replyAtRandom(run, world, tape);
            keepLedger(run, world);
          }
          expect(isOver(run) || isParked(run)).toBe(true);
          for (let i = 0; i < 3 && !isOver(run); i++) run.timesOut();
          expect(isOver(run)).toBe(true);
          expect(run.reason === "goal" || run.reason === "answered" || run.state === "stopped").toBe(true);
        },
      ),
      { numRuns: runs },
    );
  });

  it("reach nearly all of the chart at random", () => {
    expect(taken.size).toBeGreaterThan(150);
  });
});
