import fc from "fast-check";
import type { Grant } from "../../guards/approval.ts";
import type { GateFacts } from "../../guards/effect.ts";
import type { ErrorClass } from "../../guards/retry.ts";
import { action, type Driven, type DriveOptions, drive, type RulesInput } from "../helpers/driving.ts";

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
// Tools whose effects can be in doubt and go on come up more often: most of the chart is about them.
export const names = [...Object.keys(kinds), "undeclared", "safe", "safe", "asked", "burning"];
/** Names to propose: those of the tools there are, and one that nobody declared. */
const namesOf = ({ tools }: { tools: object }): string[] =>
  "burning" in tools ? names : [...Object.keys(tools), "undeclared"];
const classes: ErrorClass[] = [
  "rateLimited",
  "timeout",
  "internal",
  "invalidArguments",
  "conflict",
  "forbidden",
  "cancelled",
];

export const small: RulesInput = {
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
  verify: { maxAgeMs: 60_000 },
};
const tight: RulesInput = {
  ...small,
  limits: { steps: 8, effects: 1, questions: 1, recoveries: 1, reverifications: 1, deadlineMs: 900_000 },
};
export const loose: RulesInput = {
  ...small,
  limits: { tokens: 400 },
  agent: { maxPerTurn: { tokens: 10, costMicroUsd: 1 } },
  retry: { workspace: "reset", sameFailure: 100, failuresInARow: 100 },
  verify: {},
};
export const rulesOf: Record<string, RulesInput> = {
  "that are small": small,
  "that ask two people at a limit": {
    ...small,
    escalate: { onLimit: "escalate" },
    approvals: { approvers: ["ann", "bob"], quorum: 2 },
    repetition: { actions: 2, rounds: 2 },
    progress: { patience: 2 },
  },
  "with a metric": { ...small, progress: { metric: { name: "failing" } }, retry: { failuresInARow: 2 } },
  "that stop early": { ...tight, repetition: { actions: 2, rounds: 2 } },
  "that hand off early": {
    ...tight,
    escalate: { onLimit: "escalate" },
    limits: { ...tight.limits, activeMs: 200_000 },
  },
  "that are loose": loose,
};

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
export type World = {
  tree: string;
  trees: number;
  grants: (Grant & { key: string })[];
  /** Attempts without an outcome, and keys of effects that are known to be applied. */
  lost: { key: string; attempt: number }[];
  applied: string[];
  sent: number;
  heard: number;
};

const newTree = (world: World): string => {
  world.trees += 1;
  world.tree = `tree-${world.trees}`;
  return world.tree;
};

type Heard = {
  output?: { outcome?: string; found?: string };
  key?: string;
  outcome?: string;
  found?: string;
};

/** Marks the grants that the last dispatch used, and the effects that came to be applied. */
function keepLedger(run: Driven, world: World): void {
  for (const event of run.journal.slice(world.heard) as Heard[]) {
    const { output, key } = event;
    if (output?.outcome === "applied" || output?.found === "applied")
      world.applied.push(run.sent.at(-1)!.key);
    if (event.outcome === "applied" || event.found === "applied") world.applied.push(key!);
  }
  world.heard = run.journal.length;
  for (const { key, grants } of run.sent.slice(world.sent)) {
    for (const grant of world.grants) if (grants.includes(grant.id)) grant.usedBy = key;
  }
  world.sent = run.sent.length;
}

function factsFor(run: Driven, world: World, tape: Tape): Partial<GateFacts> {
  const { key, action: asked } = run.awaited!.input as {
    key: string;
    action: { tool: string; digest: string };
  };
  const before = run.sent.find(
    (sent) => sent.key !== key && world.applied.includes(sent.key) && sent.action.digest === asked.digest,
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
  if (tape.often(8)) newTree(world);
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
  const known = namesOf(run.rules);
  const actions = Array.from({ length: tape.number(5) }, () => action(tape.one(known), `v${tape.number(3)}`));
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
    const other = tape.often(3) ? { proposal: "other" } : {};
    return run.verifies(result, { tree: world.tree, score, fingerprint: `${result}${score}`, ...other });
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
  const expiresAt = run.now + tape.one([1, 50_000, 500_000, 500_000]);
  const approver = tape.one(["ann", "bob", "ann", "bob", "ann", "bob", "mallory"]);
  const odd = tape.one<Partial<Grant>>([
    { revoked: true },
    { actionDigest: "other" },
    { effectKey: "other" },
    { issuedAt: run.now + 100_000 },
  ]);
  const grant = run.grant({ id, approver, expiresAt, ...(tape.often(15) ? odd : {}) });
  world.grants.push({ ...grant, key: approval.effectKey });
  run.grants(world.grants.filter(({ key }) => key === approval.effectKey).map(({ key: _, ...one }) => one));
}

/** An outcome is heard late, or a second time; a host hears nothing else late. */
function hearLate(run: Driven, world: World, tape: Tape): void {
  const inFlight = run.state === "effect.committing" ? run.sent.at(-1) : undefined;
  const known = run.sent.filter((sent) => world.applied.includes(sent.key) && sent !== inFlight);
  if (world.lost.length > 0) {
    const [late] = world.lost.splice(tape.number(world.lost.length), 1);
    run.hearsLate(tape.one(["applied", "notApplied"]), late!.attempt, late!.key);
  } else if (known.length > 0) {
    const old = tape.one(known);
    run.hearsLate("applied", old.attempt, old.key);
  }
}

const raises: Record<string, number>[] = [
  {},
  { steps: 1 },
  { effects: 1, questions: 1, deadlineMs: 500_000 },
  { reverifications: 1, recoveries: 1, activeMs: 500_000 },
];

function speakAtRandom(run: Driven, world: World, tape: Tape): void {
  const settle = () => run.settles(tape.one(["applied", "absent"] as const));
  const grant = () => grantAtRandom(run, world, tape);
  const resume = () => run.resumes({ raise: tape.one(raises), say: "go on" });
  const words = [
    ...[resume, resume, resume, settle, settle, settle, grant, grant, grant, grant],
    () => run.settles("absent", "run/9/9"),
    () => run.denies(`no ${tape.number(2)}`),
    () => run.denies("not this", "run/9/9"),
    () => run.halts(),
    () => run.liftsHalt(),
    () => run.liftsHalt(),
  ];
  tape.one(words)();
}

/** One event of any kind, each with its weight here and now. Nothing happens where a host would deliver nothing. */
function moveAtRandom(run: Driven, world: World, tape: Tape): void {
  const before = run.journal.length;
  const called = run.awaited !== null;
  const settling = run.state.startsWith("effect.") && run.sent.length > 0;
  const moves: [number, () => void][] = [
    [called ? 70 : 0, () => replyAtRandom(run, world, tape)],
    [isParked(run) ? 70 : 5, () => speakAtRandom(run, world, tape)],
    [called || isParked(run) ? 4 : 70, () => giveUp(run, world, () => run.timesOut())],
    [settling ? 8 : 4, () => crashAtRandom(run, world, tape)],
    [called ? 4 : 0, () => giveUp(run, world, () => run.breaks())],
    [world.lost.length > 0 ? 20 : 2, () => hearLate(run, world, tape)],
    [run.awaited?.name === "assess" ? 4 : 0, () => refuseAtRandom(run, world, tape)],
    [settling ? 3 : 0.3, () => run.aborts()],
    [3, () => run.later(tape.number(100_000))],
    [1, () => giveUp(run, world, () => run.failsToFold())],
  ];
  pick(moves, tape)();
  if (run.journal.length > before) keepLedger(run, world);
}

function pick(moves: readonly [number, () => void][], tape: Tape): () => void {
  let left = (tape.number(1_000) / 1_000) * moves.reduce((sum, [weight]) => sum + weight, 0);
  for (const [weight, move] of moves) {
    left -= weight;
    if (left < 0) return move;
  }
  return moves[0]![1];
}

/** Crashes come alone or in a row. */
function crashAtRandom(run: Driven, world: World, tape: Tape): void {
  const times = tape.one([1, 1, 1, 4]);
  for (let i = 0; i < times && !isOver(run); i++) giveUp(run, world, () => run.crashes());
}

function refuseAtRandom(run: Driven, world: World, tape: Tape): void {
  const facts = factsFor(run, world, tape);
  if (run.wouldDispatch(facts)) run.isRefused(tape.one(["duplicate", "grantUsed", "halted"] as const), facts);
}

export const isOver = (run: Driven): boolean => run.state === "stopped" || run.state === "succeeded";
export const isParked = (run: Driven): boolean =>
  run.state === "escalated" || run.state === "effect.awaitingApproval";

export const tapes = fc.array(fc.nat({ max: 9_999 }), { minLength: 50, maxLength: 300, size: "max" });
export const machines = fc.constantFrom("loop" as const, "call" as const);

/** Plays what is on the tape until the run is over, or the tape. */
export function play(numbers: readonly number[], options: DriveOptions): { run: Driven; world: World } {
  const tape = tapeOf(numbers);
  const world: World = {
    tree: "T1",
    trees: 1,
    grants: [],
    lost: [],
    applied: [],
    sent: 0,
    heard: 0,
  };
  const known = namesOf({ tools: options.rules?.tools ?? {} });
  const run = drive({ turn: { actions: [action(tape.one(known))] }, ...options });
  while (!isOver(run) && tape.left() > 0) moveAtRandom(run, world, tape);
  return { run, world };
}

/** Lets a run go on while nobody speaks: calls are answered or come due, for so many events at most. */
export function leaveAlone(run: Driven, world: World, more: readonly number[], most: number): void {
  for (let i = 0; i < most && !isOver(run) && !isParked(run); i++) {
    const tape = tapeOf(more.slice(i % more.length));
    if (run.awaited === null) run.timesOut();
    else if (tape.often(10)) giveUp(run, world, () => run.timesOut());
    else replyAtRandom(run, world, tape);
    keepLedger(run, world);
  }
}
