import { describe, expect, it } from "vitest";
import { searched } from "../../../src/check/check.ts";
import { createEvaluator } from "../../../src/check/evaluate.ts";
import { explore } from "../../../src/check/explore.ts";
import { type Property, property, violated } from "../../../src/check/property.ts";
import { contractOf, references } from "../../helpers/checking.ts";

const search = (
  properties: readonly Property[] = [],
  change: object = {},
  contract = contractOf({ tools: {} }),
) => {
  const { machine, world } = searched(contract);
  return explore(createEvaluator(machine), world, {
    properties,
    statesMax: 100_000,
    timeMaxMs: 60_000,
    ...change,
  });
};
const neverIn = (state: string) =>
  property<null>({
    name: `not ${state}`,
    says: "…",
    clause: "…",
    begin: null,
    see: (memory, seen) => (seen.state === state ? violated(`in ${state}`) : memory),
  });

describe("a search", () => {
  it("knows of each place how it was first reached, by a shortest way", () => {
    const { places, arrivals, edges } = search();
    const depth = (place: number): number => (place === 0 ? 0 : depth(arrivals[place]!.from) + 1);
    expect(arrivals.length).toBe(places.length);
    for (const [from, ways] of edges.entries())
      for (const { to } of ways) expect(depth(to)).toBeLessThanOrEqual(depth(from) + 1);
  });

  it("counts its transitions, and can enumerate them again", () => {
    const { places, edges, transitions, waysOf } = search();
    expect(edges.flat().length).toBe(transitions);
    for (const [i, place] of places.entries()) expect([...waysOf(place)]).toHaveLength(edges[i]!.length);
  });

  it("reports the first violation of each property, and goes on with the others", () => {
    const both = [neverIn("verifying"), neverIn("succeeded")];
    const { broken, places } = search(both);
    expect(broken.map(({ violated: words }) => words).sort()).toEqual(["in succeeded", "in verifying"]);
    expect(places.some(({ state }) => state === "succeeded")).toBe(true);
  });

  it("tells apart what properties remember", () => {
    const everVerified = property<boolean>({
      name: "ever",
      says: "…",
      clause: "…",
      begin: false,
      see: (memory, { state }) => memory || state === "verifying",
    });
    expect(search([everVerified]).places.length).toBeGreaterThan(search().places.length);
  });

  it("notes which tools ran, and which facts the chart looked at", () => {
    const { ran, facts } = search([], {}, references.safe!);
    expect([...ran].sort()).toEqual(["put", "read", "undeclared"]);
    expect([...facts.get("put")!]).toEqual(expect.arrayContaining(["halted", "inputValid", "tree"]));
    expect(facts.get("read")!.has("appliedBefore")).toBe(false);
  });

  it("stops at its bounds, and says which", () => {
    expect(search([], { statesMax: 5 }).cut).toBe("statesMax (5)");
    expect(search([], { timeMaxMs: 0 }).cut).toBe("timeMaxMs (0)");
    expect(search().cut).toBeNull();
  });
});
