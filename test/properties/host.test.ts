import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ErrorClass } from "../../guards/retry.ts";
import type { AssessInput } from "../../machines/calls.ts";
import { createLoopMachine } from "../../machines/loop.ts";
import { createFold, type Snapshot, stateName } from "../../src/host/fold.ts";
import type { Store } from "../../src/ports/store.ts";
import { clearFacts, type RulesInput } from "../helpers/driving.ts";
import { fakeClock } from "../helpers/fake-clock.ts";
import { runsOf } from "../helpers/runs.ts";
import {
  endless,
  eventsOf,
  facts,
  failing,
  rulesOf,
  type Script,
  say,
  settle,
  stageHost,
  stores,
  turn,
  verdict,
} from "../src/host/stage.ts";
import { contracts } from "./contracts.ts";
import { createWatch } from "./monitors.ts";

// The real host on real stores under contracts at random: calls are answered in every way or never, time passes, people
// speak, hosts die and others take over. Afterwards the journal is read as somebody else would: its fold gives the stored
// state at every prefix, every monitor holds on it, and nothing was dispatched twice.

const runId = "run";
const classes: ErrorClass[] = [
  "rateLimited",
  "timeout",
  "internal",
  "invalidArguments",
  "conflict",
  "forbidden",
];

/** A tape of numbers from which every choice is read. */
function tapeOf(numbers: readonly number[]) {
  let next = 0;
  const number = (below: number): number => (numbers[next++ % numbers.length] ?? 0) % below;
  return { number, one: <Item>(items: readonly Item[]): Item => items[number(items.length)]! };
}
type Tape = ReturnType<typeof tapeOf>;

/** Performers that answer as the tape says; now and then one throws, or never answers. */
function scriptOf(tape: Tape, tools: readonly string[], store: Store): Script {
  const failed = () => failing(tape.one(classes));
  const perhaps =
    <Input>(answer: (input: Input) => unknown) =>
    (input: Input) => {
      const odd = tape.number(30);
      if (odd === 0) throw new Error("a performer broke");
      return odd < 3 ? endless() : answer(input);
    };
  return {
    act: perhaps(() => {
      if (tape.number(6) === 0) return { kind: "failed", ...failed(), usage: null, transcript: null };
      const proposed = Array.from({ length: tape.number(4) }, () =>
        tape.one([...tools, ...tools, ...tools, "undeclared"]),
      );
      const claim = tape.one([null, null, null, "done", "done", "stuck"] as const);
      return turn({ tools: claim === "stuck" ? [] : proposed, claim, changed: tape.number(2) === 0 });
    }),
    verify: perhaps((input: Parameters<typeof verdict>[0]) => ({
      ...verdict(
        input,
        tape.one(["passed", "passed", "passed", "passed", "passed", "failed", "unverifiable"]),
      ),
      score: tape.one([0, 1, 2]),
    })),
    assess: perhaps(({ key, action }: AssessInput) => {
      const others = store.effects(runId).filter((effect) => effect.key !== key);
      const before = others.find(
        ({ status, actionDigest }) => status === "applied" && actionDigest === action.digest,
      );
      const known = {
        appliedBefore: before?.key ?? null,
        usedBefore: others.some(({ tool }) => tool === action.tool),
      };
      const odd = [{ policy: "ask" as const }, { inScope: false }, { tree: "T2" }, { halted: true }];
      return facts({ ...known, ...(tape.number(5) === 0 ? tape.one(odd) : {}) });
    }),
    observe: perhaps(() =>
      tape.number(4) === 0
        ? { outcome: "failed", ...failed() }
        : { outcome: "observed", result: "seen", resultDigest: "seen" },
    ),
    execute: perhaps(() => {
      const outcome = tape.one(["applied", "applied", "notApplied", "unknown"]);
      return outcome === "applied"
        ? { outcome, result: "done", resultDigest: "done" }
        : { outcome, ...failed() };
    }),
    reconcile: perhaps(() => {
      const found = tape.one(["applied", "absent", "absent", "unknown"]);
      if (found === "applied") return { found, result: "done", resultDigest: "done" };
      return found === "absent" ? { found } : { found, failure: failed().failure };
    }),
    confirm: perhaps(() => ({ confirmed: tape.number(10) > 0, tree: clearFacts.tree, detail: null })),
  } as Script;
}

/** A person says something that may fit. */
function speak(store: Store, at: number, tape: Tape, doubt: string | null): void {
  const key = doubt ?? "run/9/9";
  const words = [
    { type: "directive.resume", say: "go on", raise: tape.one([{}, { steps: 1 }, { effects: 1 }]) },
    { type: "directive.resume", say: null, raise: {} },
    { type: "directive.settle", key, found: tape.one(["applied", "absent"]), result: null },
    { type: "approval.denied", effectKey: key, reason: "no" },
    { type: "directive.halt", reason: "freeze" },
    { type: "directive.liftHalt" },
    { type: "directive.liftHalt" },
    ...(tape.number(8) === 0 ? ([{ type: "directive.abort", reason: "enough" }] as const) : []),
  ] as const;
  say(store, at, tape.one<Parameters<typeof say>[2]>(words), runId);
}

async function live(numbers: readonly number[], rules: RulesInput, store: Store) {
  const tape = tapeOf(numbers);
  const clock = fakeClock();
  const tools = Object.keys(rules.tools ?? {});
  const stored: string[] = [];
  const sent: string[] = [];
  const open = (owner: string) => {
    const script = scriptOf(tape, tools, store);
    const execute = script.execute!;
    return stageHost({
      store,
      clock,
      owner,
      rules,
      script: {
        ...script,
        execute: (input, context) => {
          const { key, attempt } = input as { key: string; attempt: number };
          sent.push(`${key} ${attempt}`);
          return execute(input, context);
        },
      },
      onRow: () => stored.push(store.snapshot(runId) ?? ""),
    });
  };
  let hosts = 1;
  let stage = open("host 1");
  const errors: unknown[] = [];
  const isOver = () => store.run(runId)!.status === "ended";
  stage.begin(runId);
  await settle(12);
  for (let moves = 0; moves < 150 && !isOver(); moves += 1) {
    const kind = tape.number(10);
    if (kind < 5) clock.advance(Math.max(1, Math.min(...clock.waiting(), 3_600_000)));
    else if (kind < 8) {
      speak(store, clock.now(), tape, stage.snapshot(runId).context.doubt?.key ?? null);
      stage.host.poll();
    } else if (kind === 8) {
      stage.crash(runId);
      errors.push(...stage.released.flatMap(({ error }) => (error === undefined ? [] : [error])));
      hosts += 1;
      stage = open(`host ${hosts}`);
      clock.advance(tape.one([1, 1_000, 100_000]));
      if (!isOver()) stage.recover(runId);
    } else clock.advance(tape.one([1, 1_000, 100_000]));
    await settle(12);
  }
  errors.push(...stage.released.flatMap(({ error }) => (error === undefined ? [] : [error])));
  return { stored, sent, errors };
}

/** States that runs rested in. */
const states = new Set<string>();

/** Reads the journal as somebody else would. */
function readBack(store: Store, rules: RulesInput): string[] {
  const parsed = rulesOf(rules);
  const fold = createFold(createLoopMachine(parsed));
  const watch = createWatch(parsed);
  const texts: string[] = [];
  let snapshot: Snapshot | null = null;
  for (const event of eventsOf(store, runId)) {
    const from: string = snapshot === null ? "" : stateName(snapshot.value);
    const next: ReturnType<typeof fold.step> =
      snapshot === null ? fold.begin(event as never) : fold.step(snapshot, event);
    snapshot = next.snapshot;
    watch({
      event,
      at: event.at ?? event.output?.at ?? 0,
      from,
      state: stateName(next.snapshot.value),
      calls: next.calls,
      outcome: next.snapshot.status === "active" ? null : next.snapshot.context.outcome,
    });
    texts.push(fold.write(next.snapshot));
    states.add(stateName(next.snapshot.value));
  }
  return texts;
}

const tapes = fc.array(fc.nat({ max: 9_999 }), { minLength: 150, maxLength: 400, size: "max" });

describe.each(stores)(
  "the host on the %s store, under any contract and whatever happens",
  (_name, openStore) => {
    it("keeps every promise, and its journal folds to what is stored at every prefix", {
      timeout: 600_000,
    }, async () => {
      await fc.assert(
        fc.asyncProperty(tapes, contracts, async (numbers, rules) => {
          const store = openStore();
          const { stored, sent, errors } = await live(numbers, rules, store);
          expect(errors).toEqual([]);
          const texts = readBack(store, rules);
          // Rows of one commit share its snapshot, so what is seen after a row is that of a later one at the earliest.
          for (const text of stored) expect(texts).toContain(text);
          expect(texts.at(-1)).toBe(store.snapshot(runId));
          expect(new Set(sent).size).toBe(sent.length);
        }),
        { numRuns: runsOf(60), endOnFailure: true },
      );
    });
  },
);

it("brought runs to where effects are dispatched and settled", () => {
  const least = [
    "acting",
    "verifying",
    "effect.assessing",
    "effect.committing",
    "effect.confirming",
    "escalated",
    "stopped",
  ];
  expect(least.filter((state) => !states.has(state))).toEqual([]);
});
