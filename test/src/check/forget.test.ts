import { describe, expect, it } from "vitest";
import { situationAfter, textOfSituation } from "../../../src/check/arrive.ts";
import { searched } from "../../../src/check/check.ts";
import { createEvaluator } from "../../../src/check/evaluate.ts";
import { explore } from "../../../src/check/explore.ts";
import { earlierKey, forget, namingOf, presentKey, renamed, textOf } from "../../../src/check/forget.ts";
import { waysFrom } from "../../../src/check/ways.ts";
import { references } from "../../helpers/checking.ts";
import { memory } from "../../helpers/memory.ts";

const at = (change: object) => memory({ spent: { ...memory().spent, steps: 3 }, ...change });
const effect = (attempts: number, key = "run/3/1") => ({
  key,
  tool: "put",
  attempts,
  lastSentAt: 5,
  reconciliations: 4,
  grants: ["g"],
  applied: false,
  knownApplied: false,
  result: "r",
});

describe("names", () => {
  it("tell the present action's effect from all before", () => {
    const { key } = namingOf(at({ cursor: 1 }));
    expect([key("run/3/1"), key("run/3/0"), key("run/2/1")]).toEqual([presentKey, earlierKey, earlierKey]);
  });

  it("count open attempts from 2, and call all that ended 1", () => {
    const naming = namingOf(
      at({ cursor: 1, effect: effect(5), doubt: { key: "run/3/1", attempts: [2, 5], at: 0 } }),
    );
    expect([1, 2, 3, 5].map(naming.attempt)).toEqual([1, 2, 1, 3]);
    expect(renamed([2, 5], naming)).toEqual([2, 3]);
  });

  it("drop the oldest of more open attempts than are kept apart", () => {
    const naming = namingOf(at({ effect: effect(4), doubt: { key: "run/3/0", attempts: [1, 2, 4], at: 0 } }));
    expect(renamed([1, 2, 4], naming)).toEqual([2, 3]);
  });

  it("name the last attempt after all open ones where it has ended", () => {
    const naming = namingOf(at({ effect: effect(4), doubt: { key: "run/3/0", attempts: [1], at: 0 } }));
    expect([naming.attempt(1), naming.attempt(4)]).toEqual([2, 3]);
    expect(namingOf(at({ effect: null })).attempt(0)).toBe(0);
  });
});

describe("forgetting", () => {
  const turn = {
    claim: null,
    actions: [
      { tool: "a", input: null, digest: "1" },
      { tool: "b", input: null, digest: "2" },
    ],
    proposal: "x",
    tree: "T",
    changed: true,
  };
  const verdict = { result: "passed" as const, proposal: "x", tree: "T", at: 1 };
  const forgotten = (context: ReturnType<typeof at>, state: string) =>
    forget(context, state, namingOf(context));

  it("keeps a verdict while an effect waits to be tried again, not while it is made anew", () => {
    const failure = {
      origin: "effect" as const,
      errorClass: "timeout" as const,
      message: "",
      retryAfterMs: null,
      fingerprint: "",
      score: null,
    };
    const waiting = at({ turn, verdict, failure, effect: effect(1) });
    expect(forgotten(waiting, "waiting").verdict).toMatchObject({ result: "passed", tree: "T" });
    expect(forgotten(waiting, "verifying").verdict).toBeNull();
  });

  it("keeps of a turn the action at hand and what follows", () => {
    const { turn: kept, cursor } = forgotten(at({ turn, cursor: 1 }), "effect.assessing");
    expect([kept?.actions.map(({ tool }) => tool), cursor]).toEqual([["b"], 0]);
    expect(forgotten(at({ turn }), "acting").turn).toBeNull();
  });

  it("keeps nothing of a run that can never go on", () => {
    const outcome = { status: "stopped" as const, reason: "aborted" as const, detail: "x", at: 9 };
    const ended = (change: object) => textOf(forgotten(at({ outcome, ...change }), "stopped"));
    expect(ended({ effect: effect(3), turn })).toBe(ended({}));
    const atLimit = { ...outcome, reason: "limit" as const };
    expect(ended({ outcome: atLimit, effect: effect(3), turn })).not.toBe(ended({ outcome: atLimit }));
  });
});

/** What can follow from a situation, as text. */
function future(contract: keyof typeof references) {
  const { machine, world } = searched(references[contract]!);
  const chart = createEvaluator(machine);
  const { places } = explore(chart, world, { properties: [], statesMax: 400, timeMaxMs: 60_000 });
  return {
    places,
    of: (place: (typeof places)[number]) =>
      [...waysFrom(chart, world, place)].map(
        ({ label, situation }) => `${label()} → ${textOfSituation(situation)}`,
      ),
  };
}

it.each(["asked", "never"])(
  "what was forgotten is forgotten for good, and changes nothing: contract %s",
  (name) => {
    const { places, of } = future(name);
    for (const place of places) {
      // Once more forgotten, it is the same situation, with the same ways on.
      const stepped = { ...place, calls: [], timers: { set: [], clear: [] }, taken: [] };
      const again = situationAfter(place, stepped).situation;
      expect(textOfSituation(again)).toBe(textOfSituation(place));
      expect(of({ ...place, ...again })).toEqual(of(place));
    }
  },
);
