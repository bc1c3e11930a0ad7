import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { endlessIn } from "../../../src/check/endings.ts";
import type { Edge, Place } from "../../../src/check/explore.ts";
import { counters } from "../../../src/check/spending.ts";
import { runsOf } from "../../helpers/runs.ts";

type Drawn = { to: number; up?: number; down?: number; outside?: boolean; ignored?: boolean };

/** A graph of places that all wait for something, but for those that are given otherwise. */
function graphOf(edges: readonly (readonly Drawn[])[], change: Record<number, Partial<Place>> = {}) {
  const places = edges.map(
    (_, i) => ({ state: `s${i}`, ended: false, call: null, timer: "t", ...change[i] }) as unknown as Place,
  );
  const drawn = edges.map((ways) =>
    ways.map((way): Edge => ({ up: 0, down: 0, outside: false, ignored: false, ...way })),
  );
  return { places, edges: drawn };
}
const [first, second] = [1 << 0, 1 << 1];

describe("a path that might not end", () => {
  it("is a place that waits for nothing, or a call that nothing ends", () => {
    expect(endlessIn(graphOf([[]], { 0: { timer: null } }))).toMatchObject({
      kind: "stuck",
      why: "nothing leads on from s0",
    });
    expect(endlessIn(graphOf([[]], { 0: { timer: null, call: "act" } }))).toMatchObject({
      why: "nothing ends the call of act in s0",
    });
    expect(endlessIn(graphOf([[]], { 0: { timer: null, ended: true } }))).toBeNull();
  });

  it("is a cycle that spends nothing, told from where it is met first", () => {
    const cycle = endlessIn(graphOf([[{ to: 1 }], [{ to: 2 }, { to: 0 }], [{ to: 1 }]]));
    expect(cycle).toEqual({
      kind: "cycle",
      way: [
        { place: 0, edge: 0 },
        { place: 1, edge: 1 },
      ],
    });
    expect(endlessIn(graphOf([[{ to: 0 }]]))?.kind).toBe("cycle");
  });

  it("is a cycle that lowers again what it spends", () => {
    expect(endlessIn(graphOf([[{ to: 1, up: first }], [{ to: 0, down: first }]]))?.kind).toBe("cycle");
  });
});

describe("every path ends", () => {
  it("where each cycle spends something", () => {
    expect(endlessIn(graphOf([[{ to: 1, up: first }], [{ to: 0 }, { to: 1, up: second }]]))).toBeNull();
  });

  it("where a cycle within a cycle starts its own count afresh", () => {
    const inner = { to: 1, up: second };
    const outer = { to: 0, up: first, down: second };
    expect(endlessIn(graphOf([[{ to: 1 }], [inner, outer]]))).toBeNull();
  });

  it("where only others go round, or nothing happens", () => {
    expect(
      endlessIn(
        graphOf([
          [
            { to: 0, outside: true },
            { to: 0, ignored: true },
          ],
        ]),
      ),
    ).toBeNull();
  });
});

/** Plays the graph with real counters up to small limits: can it go on longer than all of them together allow? */
function goesOnForEver(edges: readonly (readonly Edge[])[], limit: number): boolean {
  type Standing = { place: number; counts: readonly number[] };
  const textOf = ({ place, counts }: Standing) => `${place} ${counts}`;
  const next = ({ place, counts }: Standing): Standing[] =>
    edges[place]!.filter(({ outside, ignored }) => !outside && !ignored).flatMap(({ to, up, down }) => {
      const moved = counts.map((count, i) => (up & (1 << i) ? count + 1 : down & (1 << i) ? 0 : count));
      return moved.some((count) => count > limit) ? [] : [{ place: to, counts: moved }];
    });
  const done = new Set<string>();
  const onPath = new Set<string>();
  const cycles = (at: Standing): boolean => {
    const text = textOf(at);
    if (onPath.has(text)) return true;
    if (done.has(text)) return false;
    onPath.add(text);
    const found = next(at).some(cycles);
    onPath.delete(text);
    done.add(text);
    return found;
  };
  return edges.some((_, place) => cycles({ place, counts: [0, 0] }));
}

it("never says that all paths end where a play of the graph goes on for ever", () => {
  const bits = fc.nat({ max: 3 });
  const edge = fc.record({
    to: fc.nat({ max: 3 }),
    up: bits,
    down: bits,
    outside: fc.boolean(),
    ignored: fc.constant(false),
  });
  const graphs = fc.array(fc.array(edge, { maxLength: 3 }), { minLength: 4, maxLength: 4 });
  expect(counters.length).toBeGreaterThan(1);
  fc.assert(
    fc.property(graphs, (drawn) => {
      const graph = graphOf(drawn.map((ways) => ways.map((way) => ({ ...way, down: way.down & ~way.up }))));
      if (endlessIn(graph) === null) expect(goesOnForEver(graph.edges, 2)).toBe(false);
    }),
    { numRuns: runsOf(1_000) },
  );
});
