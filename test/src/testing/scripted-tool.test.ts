import { describe, expect, it } from "vitest";
import type { ToolContext } from "../../../src/ports/tool.ts";
import { fakeClock, scriptedTool, type ToolMode } from "../../../src/testing/index.ts";

const contextOf = (key = "run/1/0", attempt = 1, signal = new AbortController().signal) =>
  ({ key, attempt, signal }) as ToolContext;

describe("one call", () => {
  it.each<[ToolMode, object, number]>([
    ["applies", { outcome: "applied" }, 1],
    ["losesReply", { outcome: "unknown", failure: { errorClass: "internal" } }, 1],
    ["losesRequest", { outcome: "unknown", failure: { errorClass: "internal" } }, 0],
    ["answers500", { outcome: "unknown", failure: { errorClass: "internal", message: "status 500" } }, 1],
    [
      { retryAfterMs: 700 },
      { outcome: "notApplied", failure: { errorClass: "rateLimited", retryAfterMs: 700 } },
      0,
    ],
    [{ refuses: "conflict" }, { outcome: "notApplied", failure: { errorClass: "conflict" } }, 0],
    [{ unsure: "forbidden", applied: true }, { outcome: "unknown", failure: { errorClass: "forbidden" } }, 1],
    [{ unsure: "timeout", applied: false }, { outcome: "unknown", failure: { errorClass: "timeout" } }, 0],
  ])("goes as %j says, and what truly happened is counted", async (mode, outcome, times) => {
    const tool = scriptedTool({ modes: [mode] });
    expect(await tool.execute({ n: 1 }, contextOf())).toMatchObject(outcome);
    expect(tool.record.times()).toBe(times);
    expect(tool.record.calls).toMatchObject([{ key: "run/1/0", attempt: 1, input: { n: 1 } }]);
  });

  it("breaks like a tool that nobody made safe, and has happened all the same", async () => {
    const tool = scriptedTool({ modes: ["breaks"] });
    await expect(tool.execute({}, contextOf("k"))).rejects.toThrow("socket hang up");
    expect(tool.record.times("k")).toBe(1);
  });

  it("hangs until it is aborted, and has happened all the same", async () => {
    const tool = scriptedTool({ modes: ["hangs"] });
    const controller = new AbortController();
    const answer = tool.execute({}, contextOf("k", 1, controller.signal));
    controller.abort(new Error("enough"));
    expect(await answer).toMatchObject({ outcome: "unknown" });
    expect(tool.record.times("k")).toBe(1);
  });

  it("answers late, also when nobody waits any more", async () => {
    const clock = fakeClock();
    const tool = scriptedTool({ modes: [{ afterMs: 900 }], clock });
    const answer = tool.execute({}, contextOf("k", 1, AbortSignal.abort(new Error("enough"))));
    expect(clock.waiting()).toEqual([900]);
    clock.advance(900);
    expect(await answer).toMatchObject({ outcome: "applied" });
  });
});

describe("what is in the world", () => {
  const twice = async (rules: object) => {
    const tool = scriptedTool({ rules });
    await tool.execute({}, contextOf("k", 1));
    await tool.execute({}, contextOf("k", 2));
    return tool.record.times("k");
  };

  it("holds a key once where the tool is repeat-safe, and else as often as it was sent", async () => {
    expect(await twice({ repeat: "safe" })).toBe(1);
    expect(await twice({ repeat: "never" })).toBe(2);
  });

  it("is told when asked, by default as it is", async () => {
    const tool = scriptedTool({
      rules: { repeat: "reconcile" },
      modes: ["losesReply", "losesRequest"],
      reconciles: ["truth", "truth", "unknown", "throws"],
    });
    await tool.execute({}, contextOf("a"));
    await tool.execute({}, contextOf("b"));
    const ask = (key: string) => tool.reconcile!({}, contextOf(key));
    expect(await ask("a")).toMatchObject({ found: "applied" });
    expect(await ask("b")).toEqual({ found: "absent" });
    expect(await ask("a")).toMatchObject({ found: "unknown", failure: { errorClass: "unavailable" } });
    expect(await ask("a")).toMatchObject({ found: "unknown", failure: { errorClass: "internal" } });
    expect(tool.record.asked).toEqual(["a", "b", "a", "a"]);
  });

  it("takes no attempt any more that was burned by asking, and the next one again", async () => {
    const tool = scriptedTool({ rules: { repeat: "reconcile", burnsKey: true } });
    expect(await tool.reconcile!({}, contextOf("k", 1))).toEqual({ found: "absent" });
    await tool.execute({}, contextOf("k", 1));
    expect(tool.record.times("k")).toBe(0);
    await tool.execute({}, contextOf("k", 2));
    expect(tool.record.times("k")).toBe(1);
  });
});

it("has the rules of the tool that it is like, and asks no more of it", async () => {
  const like = scriptedTool({
    rules: { name: "pay", effect: "destructive", timeoutMs: 9, inScope: () => false },
  });
  const tool = scriptedTool({ like, rules: { timeoutMs: 10 } });
  expect(tool).toMatchObject({ name: "pay", effect: "destructive", timeoutMs: 10 });
  expect(tool.inScope!({})).toBe(false);
  expect(tool.confirm).toBeUndefined();
  expect(await scriptedTool({ like, confirms: false }).confirm!({}, null, contextOf())).toBe(false);
});
