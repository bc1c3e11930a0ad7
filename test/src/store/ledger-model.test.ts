import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { CommitRefusal, OutcomeRecord, Store } from "../../../src/ports/store.ts";
import { openMemoryStore } from "../../../src/store/memory-store.ts";
import { openSqliteStore } from "../../../src/store/sqlite-store.ts";
import { grantOf, intentOf, outcomeOf, startedRun, type Writer } from "./writer.ts";

/** Both stores against a plain model of the ledger: what may be dispatched, what an effect is, who holds what. */

type Try = { outcome: OutcomeRecord["outcome"] | null; absent: boolean };
type ModelEffect = { run: number; business: string | null; tries: Map<number, Try> };
type Model = { effects: Map<string, ModelEffect>; used: Set<string>; voided: Set<string>; halted: boolean };
type Real = { store: Store; runs: Writer[] };

const runIds = ["run-0", "run-1"];
const keyOf = (run: number, slot: number): string => `${runIds[run]}/${slot}/0`;
const grantId = (key: string): string => `grant of ${key}`;

/** In words of the promise: applied for ever once applied; not applied only if nothing since the last look is uncertain. */
function modelStatus({ tries }: ModelEffect): "applied" | "notApplied" | "inDoubt" {
  let uncertain = false;
  for (const { outcome, absent } of tries.values()) {
    if (absent) uncertain = false;
    else if (outcome !== "notApplied") uncertain = true;
  }
  const applied = [...tries.values()].some(({ outcome }) => outcome === "applied");
  return applied ? "applied" : uncertain ? "inDoubt" : "notApplied";
}

const holdersOf = (model: Model, business: string): string[] =>
  [...model.effects]
    .filter(([, effect]) => effect.business === business && modelStatus(effect) !== "notApplied")
    .map(([key]) => key);

type Dispatch = {
  run: number;
  slot: number;
  attempt: number;
  business: string | null;
  withGrantOf: number | null;
  sync: boolean;
};

function modelRefusal(
  model: Model,
  { run, slot, attempt, business, withGrantOf }: Dispatch,
): CommitRefusal | null {
  const key = keyOf(run, slot);
  const known = model.effects.get(key);
  if (model.halted) return "halted";
  if (known !== undefined && Math.max(...known.tries.keys()) >= attempt) return "stale";
  if (known !== undefined && modelStatus(known) === "applied") return "duplicate";
  if (business !== null && holdersOf(model, business).some((holder) => holder !== key)) return "duplicate";
  if (withGrantOf === null) return null;
  return withGrantOf === slot && !model.voided.has(key) ? null : "grantUsed";
}

/** Every effect and grant in the store is what the model says. */
function compare(model: Model, { store }: Real): void {
  const keys = runIds.flatMap((runId) => store.effects(runId).map(({ key }) => key));
  expect(keys.sort()).toEqual([...model.effects.keys()].sort());
  for (const [key, effect] of model.effects) {
    const row = store.effect(key)!;
    expect([key, row.status]).toEqual([key, modelStatus(effect)]);
    expect(row.attempts.map(({ attempt, outcome }) => [attempt, outcome])).toEqual(
      [...effect.tries].map(([attempt, { outcome }]) => [attempt, outcome]),
    );
    expect(row.result === null).toBe(row.status !== "applied");
  }
  for (const business of ["x", "y"]) {
    const holder = store.businessKeyHolder(business)?.key ?? null;
    const holders = holdersOf(model, business);
    if (holders.length === 0) expect(holder).toBeNull();
    else expect(holders).toContain(holder);
  }
  for (const key of runIds.flatMap((_, run) => [1, 2].map((slot) => keyOf(run, slot)))) {
    const [grant] = store.grants(key);
    expect([key, grant!.usedBy !== null, grant!.voidedAt !== null]).toEqual([
      key,
      model.used.has(key),
      model.voided.has(key),
    ]);
  }
}

class DispatchCommand implements fc.Command<Model, Real> {
  readonly about: Dispatch;
  constructor(about: Dispatch) {
    this.about = about;
  }
  check = () => true;
  run(model: Model, real: Real): void {
    const { run, slot, attempt, withGrantOf, sync } = this.about;
    const key = keyOf(run, slot);
    const known = model.effects.get(key);
    // An effect has the same business key in all its attempts.
    const business = known === undefined ? this.about.business : known.business;
    const expected = modelRefusal(model, { ...this.about, business });
    const grants = withGrantOf === null ? [] : [grantId(keyOf(run, withGrantOf))];
    const intent = intentOf(key, { step: slot, attempt, businessKey: business, grants });
    const length = real.store.run(runIds[run]!)!.length;
    const result = real.runs[run]!.commit({ intents: [intent] }, { sync });
    expect(result).toEqual(expected === null ? { ok: true } : { ok: false, refused: expected });
    expect(real.store.run(runIds[run]!)!.length).toBe(length + (expected === null ? 1 : 0));
    if (expected === null) {
      const tries = known?.tries ?? new Map<number, Try>();
      model.effects.set(key, { run, business, tries: tries.set(attempt, { outcome: null, absent: false }) });
      if (withGrantOf !== null) model.used.add(key);
    }
    compare(model, real);
  }
  toString = () => `dispatch ${JSON.stringify(this.about)}`;
}

type Answer = {
  run: number;
  slot: number;
  attempt: number;
  outcome: OutcomeRecord["outcome"];
  source: OutcomeRecord["source"];
};

class OutcomeCommand implements fc.Command<Model, Real> {
  readonly about: Answer;
  constructor(about: Answer) {
    this.about = about;
  }
  check = () => true;
  run(model: Model, real: Real): void {
    const { run, slot, attempt, outcome, source } = this.about;
    const key = keyOf(run, slot);
    const before = model.effects.get(key)?.tries.get(attempt);
    const absent = outcome === "notApplied" && (source === "person" || source === "reconciliation");
    if (before !== undefined) {
      const known = before.outcome;
      if (
        outcome === "applied" ||
        (outcome === "notApplied" && known !== "applied") ||
        (outcome === "unknown" && known === null)
      ) {
        before.outcome = outcome;
        before.absent = outcome === "notApplied" && (before.absent || absent);
      }
    }
    const result = outcome === "applied" ? "1" : null;
    expect(
      real.runs[run]!.commit({ outcomes: [outcomeOf(key, { attempt, outcome, source, result })] }),
    ).toEqual({ ok: true });
    compare(model, real);
  }
  toString = () => `outcome ${JSON.stringify(this.about)}`;
}

class OtherCommand implements fc.Command<Model, Real> {
  readonly what: "halt" | "lift" | "void" | "takeOver";
  readonly run_: number;
  constructor(what: "halt" | "lift" | "void" | "takeOver", run: number) {
    this.what = what;
    this.run_ = run;
  }
  check = () => true;
  run(model: Model, real: Real): void {
    const runId = runIds[this.run_]!;
    const steps = {
      halt: () => {
        real.store.halt(null, "x", 1);
        model.halted = true;
      },
      lift: () => {
        real.store.liftHalt(null);
        model.halted = false;
      },
      void: () => {
        real.store.voidGrants(runId, 1);
        for (const slot of [1, 2]) model.voided.add(keyOf(this.run_, slot));
      },
      takeOver: () => {
        const before = real.runs[this.run_]!;
        real.store.release({ runId, owner: "host-1", epoch: before.epoch });
        real.runs[this.run_] = startedRun(real.store, { id: runId });
        expect(before.commit({ outcomes: [outcomeOf(keyOf(this.run_, 1))] })).toEqual({
          ok: false,
          refused: "stale",
        });
      },
    };
    steps[this.what]();
    compare(model, real);
  }
  toString = () => `${this.what} ${this.run_}`;
}

const run = fc.nat({ max: 1 });
const slot = fc.integer({ min: 1, max: 2 });
const attempt = fc.integer({ min: 1, max: 3 });
const commands = fc.commands(
  [
    fc
      .record({
        run,
        slot,
        attempt,
        business: fc.constantFrom(null, "x", "y"),
        withGrantOf: fc.option(slot, { freq: 3 }),
        sync: fc.boolean(),
      })
      .map((about) => new DispatchCommand(about)),
    fc
      .record({
        run,
        slot,
        attempt,
        outcome: fc.constantFrom("applied", "notApplied", "notApplied", "unknown"),
        source: fc.constantFrom("tool", "person", "reconciliation", "late", "timeout"),
      } as const)
      .map((about) => new OutcomeCommand(about as Answer)),
    fc
      .tuple(fc.constantFrom("halt", "lift", "lift", "void", "takeOver"), run)
      .map(([what, at]) => new OtherCommand(what, at)),
  ] as fc.Arbitrary<fc.Command<Model, Real>>[],
  { maxCommands: 25 },
);

function setup(store: Store): { model: Model; real: Real } {
  const runs = runIds.map((id) => startedRun(store, { id }));
  for (const key of runIds.flatMap((_, at) => [1, 2].map((each) => keyOf(at, each))))
    store.putGrant(grantOf(grantId(key), key));
  return {
    model: { effects: new Map(), used: new Set(), voided: new Set(), halted: false },
    real: { store, runs },
  };
}

describe("the ledger, against a plain model", () => {
  it("keeps its promises in memory", () => {
    const property = fc.property(commands, (given) => fc.modelRun(() => setup(openMemoryStore()), given));
    fc.assert(property, { numRuns: 300 });
  });

  it("keeps its promises in a file", () => {
    const directory = mkdtempSync(join(tmpdir(), "loopwright-store-"));
    let opened = 0;
    const property = fc.property(commands, (given) => {
      opened += 1;
      const store = openSqliteStore({ file: join(directory, `${opened}.db`) });
      try {
        fc.modelRun(() => setup(store), given);
      } finally {
        store.close();
      }
    });
    try {
      fc.assert(property, { numRuns: 60 });
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  });
});
