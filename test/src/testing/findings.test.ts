import { describe, expect, it } from "vitest";
import { never, runs } from "../../../src/check/index.ts";
import { findingsOf, type Rehearsal, rehearse } from "../../../src/testing/index.ts";
import { references } from "../../helpers/checking.ts";

const contract = references.safe!;
const put = { actions: [{ tool: "put", input: { n: 1 } }], claim: "done" } as const;
const good = await rehearse(contract, { turns: [put] });
const expected = { status: "succeeded", reason: "goal", applied: { put: 1 }, calls: { put: 1 } } as const;

const first = (rehearsal: Rehearsal, about: Parameters<typeof findingsOf>[2] = null) =>
  findingsOf(contract, rehearsal, about)[0];

it("has nothing to say of a run that went as expected", () => {
  expect(findingsOf(contract, good, expected)).toEqual([]);
  expect(findingsOf(contract, good, null)).toEqual([]);
});

describe("an expectation", () => {
  it.each([
    [{ status: "stopped" }, "status: expected stopped, found succeeded"],
    [{ reason: "limit" }, "reason: expected limit, found goal"],
    [{ detail: "steps" }, "detail: expected steps, found null"],
    [{ applied: { put: 2 } }, "put, applied: expected 2, found 1"],
    [{ calls: { read: 1 } }, "read, calls: expected 1, found 0"],
    [{ recoveries: 1 }, "restarts: expected 1, found 0"],
    [{ refused: 1 }, "refused words: expected 1, found 0"],
    [{ tookMs: 5 }, "it took 0 ms, expected at least 5"],
  ] as const)("of %j that is not met is told", (change, finding) => {
    expect(first(good, { ...expected, ...change } as never)).toBe(finding);
  });

  it("tells the whole run with it", () => {
    const findings = findingsOf(contract, good, { ...expected, reason: "limit" });
    expect(findings.slice(1, 4)).toEqual(["", "what happened:", "  run.started → acting, calls act"]);
  });
});

describe("what holds of every run", () => {
  const [effect] = good.effects;
  const record = good.tools.put!;
  const twice = { ...record, calls: [...record.calls, ...record.calls] };

  it.each<[string, Partial<Rehearsal>, string]>([
    [
      "a journal that does not verify",
      { log: { ...good.log, ok: false, problem: { seq: 2, message: "damaged" } } },
      "the journal does not verify: row 2: damaged",
    ],
    [
      "an attempt that was dispatched twice",
      { tools: { put: twice } },
      "run/1/0, attempt 1 was dispatched twice",
    ],
    [
      "an effect that is there twice",
      { tools: { put: { ...record, times: () => 2 } } },
      "run/1/0 is in the world 2 times",
    ],
    [
      "a ledger that claims too much",
      { tools: { put: { ...record, times: () => 0 } } },
      "the ledger says that run/1/0 is applied, and it is in the world 0 times",
    ],
    [
      "a ledger that claims too little",
      { effects: [{ ...effect!, status: "notApplied" }] },
      "the ledger says that run/1/0 is notApplied, and it is in the world 1 times",
    ],
  ])("is broken by %s", (_name, change, finding) => {
    expect(first({ ...good, ...change })).toBe(finding);
  });

  it("says nothing of a doubt, and nothing of reads that are read again", async () => {
    expect(findingsOf(contract, { ...good, effects: [{ ...effect!, status: "inDoubt" }] }, null)).toEqual([]);
    const read = { actions: [{ tool: "read", input: { n: 1 } }] };
    const again = await rehearse(contract, { turns: [read], tools: { read: { modes: ["losesReply"] } } });
    expect(again.tools.read!.calls).toHaveLength(2);
    expect(findingsOf(contract, again, null)).toEqual([]);
  });
});

it("looks at properties of one's own", () => {
  const mine = never({ name: "mine", says: "What I want." }, runs("put"));
  expect(findingsOf(contract, good, expected, [mine])[0]).toBe("mine is violated: it happened");
});
