import { describe, expect, it } from "vitest";
import { searched } from "../../../src/check/check.ts";
import { everyWay } from "../../../src/check/choices.ts";
import { earlierKey, presentKey } from "../../../src/check/forget.ts";
import { mayContinue, nextMove } from "../../../src/check/moves.ts";
import type { Situation } from "../../../src/check/situation.ts";
import { references } from "../../helpers/checking.ts";
import { memory } from "../../helpers/memory.ts";

const { world } = searched(references.asked!);
const situation = (change: Partial<Situation> = {}): Situation => ({
  state: "waiting",
  context: memory(),
  call: null,
  timer: "xstate.after.untilDue.waiting",
  ended: false,
  sent: null,
  ...change,
});
const moves = (at: Situation) => [...everyWay((choose) => nextMove(world, at, choose))];
const types = (at: Situation) => new Set(moves(at).map(({ event }) => event.type));

describe("what can happen", () => {
  it("is time, a crash, a fault, and people's words, where nothing is awaited", () => {
    expect(types(situation())).toEqual(
      new Set([
        "xstate.after.untilDue.waiting",
        "host.recovered",
        "host.failed",
        "directive.abort",
        "directive.halt",
        "run.continued",
      ]),
    );
    expect(types(situation({ context: memory({ halted: true }) }))).toContain("directive.liftHalt");
  });

  it("is a late answer of every attempt, and of an effect of before", () => {
    const late = moves(situation({ sent: { key: presentKey, attempt: 2 } })).filter(
      ({ event }) => event.type === "effect.lateOutcome",
    );
    const heard = late.map(
      ({ event }) => event as unknown as { key: string; attempt: number; outcome: string },
    );
    expect(new Set(heard.map(({ key, attempt }) => `${key} ${attempt}`))).toEqual(
      new Set([`${presentKey} 2`, `${presentKey} 1`, `${earlierKey} 1`]),
    );
    expect(late.every(({ outside }) => outside)).toBe(true);
  });

  it("is a word about exactly the doubt that there is, or about another", () => {
    const doubt = { key: presentKey, attempts: [2], at: 0 };
    const keys = (context: Situation["context"]) =>
      new Set(
        moves(situation({ state: "escalated", context }))
          .filter(({ event }) => event.type === "directive.settle")
          .map(({ event }) => (event as unknown as { key: string }).key),
      );
    expect(keys(memory({ doubt })).has(presentKey)).toBe(true);
    expect(keys(memory({ doubt })).size).toBe(2);
    expect(keys(memory()).size).toBe(1);
  });

  it("is nothing after an end, but going on after a limit", () => {
    const outcome = { status: "stopped" as const, reason: "limit" as const, detail: null, at: 0 };
    const ended = situation({ ended: true, timer: null, context: memory({ outcome }) });
    expect(types(ended)).toEqual(new Set(["run.continued"]));
    expect(mayContinue({ ...ended, context: memory({ outcome: { ...outcome, reason: "aborted" } }) })).toBe(
      false,
    );
  });
});
