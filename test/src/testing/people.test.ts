import { describe, expect, it } from "vitest";
import { rehearse, type Word } from "../../../src/testing/index.ts";
import { contractOf, drop, toolOf } from "../../helpers/checking.ts";

const approvals = { approvers: ["ann", "bob"], quorum: 2, timeoutMs: 1_000 };
const contract = contractOf({
  tools: { drop, put: toolOf("put", { repeat: "never" }) },
  escalate: { policy: [{ answer: "allow" }], approvals },
});
const doing = (tool: string) => [{ actions: [{ tool, input: { n: 1 } }], claim: "done" as const }];
const played = (tool: string, people: Word[], more = {}) =>
  rehearse(contract, { turns: doing(tool), people, ...more });

describe("a question", () => {
  it.each<[Word[], string, string, number]>([
    [[], "awaitingApproval", "drop", 0],
    [["grant"], "succeeded", "goal", 1],
    [["deny"], "succeeded", "goal", 0],
    [[{ grantOf: 1 }], "awaitingApproval", "drop", 0],
    [[{ grantOf: 1 }, { waitMs: 1_000 }], "escalated", "approvalTimeout", 0],
    [[{ waitMs: 999 }, "grant"], "succeeded", "goal", 1],
  ])("to which people say %j leaves the run %s for %s", async (people, status, reason, times) => {
    const { end, tools } = await played("drop", people);
    expect(end).toMatchObject({ status, reason });
    expect(tools.drop!.times()).toBe(times);
  });
});

describe("a doubt", () => {
  const lost = { tools: { put: { modes: ["losesReply" as const] } } };

  it("is settled, and not resumed past", async () => {
    const { end, refused, tools } = await played("put", ["resume", "settleApplied"], lost);
    expect(refused).toEqual([expect.stringContaining("in doubt")]);
    expect(end).toMatchObject({ status: "succeeded", applied: [{ tool: "put" }] });
    expect(tools.put!.calls).toHaveLength(1);
  });

  it("that is settled as absent is dispatched again", async () => {
    const { end, tools } = await played("put", ["settleAbsent"], {
      tools: { put: { modes: ["losesRequest"] } },
    });
    expect(end.status).toBe("succeeded");
    expect(tools.put!.calls.map(({ attempt }) => attempt)).toEqual([1, 2]);
  });
});

it("takes an instruction and more of a limit", async () => {
  const limited = contractOf({ continue: { limits: { steps: 1 } } });
  const script = { turns: [{}], people: [{ resume: { raise: { steps: 1 } } }] satisfies Word[] };
  expect((await rehearse(limited, { turns: [{}] })).end).toMatchObject({
    status: "stopped",
    reason: "limit",
  });
  expect((await rehearse(limited, script)).end).toMatchObject({ status: "succeeded" });
});
