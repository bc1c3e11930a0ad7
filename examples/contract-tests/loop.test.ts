import fc from "fast-check";
import { arbitraries, contractTests, findingsOf, rehearse, type ScriptedReply } from "loopwright/testing";
import { expect, it } from "vitest";
import { complaintsLoop, refundsAreGranted } from "./loop.ts";
import type { Shop } from "./tools.ts";

const untouched = () => Promise.reject(new Error("tests of a contract call nobody"));
const shop: Shop = { order: untouched, refund: untouched, refundWith: untouched, mail: untouched };
const loop = complaintsLoop(shop);

// Order numbers have a pattern that only this shop knows.
const orders = ["R-0001", "R-0002", "R-0003"];
const inputs = {
  "order.read": orders.map((order) => ({ order })),
  refund: orders.map((order) => ({ order, cents: 1_000 })),
  mail: [{ to: "ann@customers.example", text: "Sorry." }],
};

contractTests(loop, { properties: [refundsAreGranted], inputs });

// Runs of one's own, told as scripts.

const payBack: ScriptedReply = { actions: [{ tool: "refund", input: { order: "R-0001", cents: 1_000 } }] };

it("pays back once, although the reply was lost and the process killed", async () => {
  const { end, tools } = await rehearse(loop, {
    turns: [payBack, payBack],
    people: ["grant"],
    tools: { refund: { modes: ["losesReply"] } },
    crashes: ["effect.reconciling"],
  });
  expect(end.status).toBe("succeeded");
  expect(tools.refund!.times()).toBe(1);
});

it.each([
  ["pays back nothing large", 50_001, "Sorry.", { status: "escalated", reason: "forbidden" }],
  ["asks before it writes of lawyers", 1_000, "Our lawyer …", { status: "awaitingApproval", reason: "mail" }],
])("%s", async (_name, cents, text, expected) => {
  const actions = [
    { tool: "mail", input: { to: "ann@customers.example", text } },
    { tool: "refund", input: { order: "R-0001", cents } },
  ];
  const { end } = await rehearse(loop, { turns: [{ actions }] });
  expect(end).toMatchObject(expected);
});

it("keeps its promises whatever happens", async () => {
  const { environments } = arbitraries(fc);
  await fc.assert(
    fc.asyncProperty(environments(loop, inputs), async (script) => {
      const rehearsal = await rehearse(loop, script);
      expect(findingsOf(loop, rehearsal, null, [refundsAreGranted])).toEqual([]);
    }),
    { numRuns: 50 },
  );
});
