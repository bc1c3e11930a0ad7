import { describe, expect, it } from "vitest";
import { type Crash, endlessTurn, rehearse } from "../../../src/testing/index.ts";
import { contractOf, references, toolOf } from "../../helpers/checking.ts";

const contract = references.asked!;
const doing = [{ actions: [{ tool: "asked", input: { n: 1 } }], claim: "done" as const }];

it("reaches the goal on the real engine", async () => {
  const { end, log, effects, happened } = await rehearse(contract, { turns: doing });
  expect(end).toMatchObject({ status: "succeeded", applied: [{ tool: "asked" }] });
  expect(log).toMatchObject({ ok: true, rows: happened.length });
  expect(effects).toMatchObject([{ status: "applied", attempts: [{ attempt: 1, outcome: "applied" }] }]);
});

it("lets time pass as soon as nothing else happens", async () => {
  const { end, happened, tookMs } = await rehearse(contract, { turns: [endlessTurn] });
  expect(happened.some(({ event }) => event.type.startsWith("xstate.after."))).toBe(true);
  expect(tookMs).toBeGreaterThanOrEqual(contract.rules.agent.timeoutMs);
  expect(end.status).toBe("succeeded");
});

describe("a process that is killed", () => {
  it.each<[Crash, number, number]>([
    ["acting", 1, 1],
    ["verifying", 1, 1],
    [{ state: "verifying", nth: 2 }, 1, 1],
    ["effect.assessing", 1, 1],
    ["effect.confirming", 1, 1],
    ["effect.committing", 0, 1],
    [{ sent: true }, 0, 1],
  ])("at %j loses nothing and does nothing twice", async (crash, recoveries, calls) => {
    const { end, happened, tools, log } = await rehearse(contract, { turns: doing, crashes: [crash] });
    expect(happened.filter(({ event }) => event.type === "host.recovered")).toHaveLength(1);
    expect(end).toMatchObject({ status: "succeeded", spent: { recoveries } });
    expect(tools.asked!.times()).toBe(1);
    expect(tools.asked!.calls).toHaveLength(calls);
    expect(log.ok).toBe(true);
  });

  it("may be killed again and again", async () => {
    const crashes = ["acting", "acting", "effect.committing", "effect.reconciling"];
    const { end, happened } = await rehearse(contract, { turns: doing, crashes });
    expect(happened.filter(({ event }) => event.type === "host.recovered")).toHaveLength(4);
    expect(end.status).toBe("succeeded");
  });
});

it("is aborted while it hangs", async () => {
  const script = { turns: [endlessTurn], people: [{ abortIn: "acting" }] };
  expect((await rehearse(contract, script)).end).toMatchObject({ status: "stopped", reason: "aborted" });
});

it("halts, and lets other runs hold a business key", async () => {
  const keyed = contractOf({
    tools: { pay: toolOf("pay", { dedupe: () => "one" }) },
    escalate: { policy: [{ answer: "allow" }] },
  });
  const turns = [{ actions: [{ tool: "pay", input: { n: 1 } }], claim: "done" as const }];
  expect((await rehearse(keyed, { turns, halted: true })).end.reason).toBe("halted");
  const { end, tools } = await rehearse(keyed, { turns, before: [{ turns }] });
  expect(end).toMatchObject({ status: "escalated", reason: "duplicate" });
  expect(tools.pay!.calls).toEqual([]);
});
