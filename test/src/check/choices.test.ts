import { describe, expect, it } from "vitest";
import { type Choose, everyWay } from "../../../src/check/choices.ts";

describe("every way", () => {
  it("runs once for each combination of what was asked, the first options first", () => {
    const ways = [...everyWay((choose) => [choose(["a", "b"]), choose([1, 2])])];
    expect(ways).toEqual([
      ["a", 1],
      ["a", 2],
      ["b", 1],
      ["b", 2],
    ]);
  });

  it("does not branch on what is not asked", () => {
    const ask = (choose: Choose) => (choose(["stop", "on"]) === "stop" ? "stop" : choose(["left", "right"]));
    expect([...everyWay(ask)]).toEqual(["stop", "left", "right"]);
  });

  it("runs once where nothing is asked", () => {
    expect([...everyWay(() => "only")]).toEqual(["only"]);
  });
});
