import { describe, expect, it } from "vitest";
import { AssessReply } from "../../../../machines/events.ts";
import { digestOf } from "../../../../src/base/digest.ts";
import type { PolicyRule } from "../../../../src/contract/index.ts";
import { businessKeyOf, performAssess, policyAnswer } from "../../../../src/engine/performers/assess.ts";
import type { EffectRow, Store } from "../../../../src/ports/store.ts";
import type { AnyTool } from "../../../../src/ports/tool.ts";
import { openMemoryStore } from "../../../../src/store/index.ts";
import { sender, sending } from "../stage.ts";
import { scopeOf, treeSession } from "./scope.ts";

const digest = digestOf(sending("a"));
const row = (change: Partial<EffectRow>): EffectRow => ({
  key: "run/1/0",
  runId: "run",
  loop: "staged",
  step: 1,
  index: 0,
  tool: "send",
  input: "{}",
  actionDigest: "other",
  tree: null,
  businessKey: null,
  status: "applied",
  result: '{"sent":"a"}',
  attempts: [],
  ...change,
});

/** A memory store whose ledger holds these effects. */
const ledger = (...effects: EffectRow[]): Store => ({
  ...openMemoryStore(),
  effects: (runId) => effects.filter((effect) => effect.runId === runId),
  businessKeyHolder: (key) => effects.find(({ businessKey }) => businessKey === key) ?? null,
});

async function assess(
  tool: Partial<AnyTool> = {},
  {
    store = openMemoryStore(),
    policy,
    input = { text: "a" } as unknown,
  }: { store?: Store; policy?: PolicyRule[]; input?: unknown } = {},
) {
  const escalate = { policy: policy ?? [{ answer: "allow" as const }] };
  const scope = scopeOf({ tools: [sender([], tool)], escalate }, { store, session: treeSession("T7") });
  const action = { tool: "send", input: input as never, digest };
  const answer = await performAssess(scope)({ callId: "1", key: "run/2/0", step: 2, index: 0, action });
  return AssessReply.parse({ ...(answer as object), at: 1, random: 0, callId: "1" });
}

describe("performAssess", () => {
  it("collects the facts about one action and decides nothing", async () => {
    expect(await assess()).toMatchObject({
      actionDigest: digest,
      recorded: null,
      facts: {
        tree: "T7",
        inputValid: true,
        inScope: true,
        permitted: true,
        policy: "allow",
        grants: [],
        appliedBefore: null,
        duplicateOf: null,
        usedBefore: false,
        halted: false,
      },
    });
  });

  it("takes arguments that do not fit for out of scope and not permitted", async () => {
    const { facts } = await assess({}, { input: { text: 7 } });
    expect(facts).toMatchObject({ inputValid: false, inScope: false, permitted: false });
  });

  it.each(["inScope", "permitted"] as const)(
    "takes anything but a plain yes of %s for a no",
    async (name) => {
      const answers: (() => unknown)[] = [
        () => false,
        () => 1,
        () => "yes",
        () => {
          throw undefined;
        },
      ];
      for (const answer of answers) expect((await assess({ [name]: answer })).facts[name]).toBe(false);
      expect((await assess({ [name]: () => true })).facts[name]).toBe(true);
    },
  );

  it("knows an equal action that was applied, by digest or business key, with its outcome", async () => {
    const equal = await assess({}, { store: ledger(row({ actionDigest: digest })) });
    expect(equal).toMatchObject({ recorded: { sent: "a" }, facts: { appliedBefore: "run/1/0" } });
    const dedupe = () => "refund:1";
    const same = await assess({ dedupe }, { store: ledger(row({ businessKey: "refund:1" })) });
    expect(same).toMatchObject({
      recorded: { sent: "a" },
      facts: { appliedBefore: "run/1/0", duplicateOf: null },
    });
  });

  it("knows a business key that another run holds, in doubt or applied", async () => {
    const store = ledger(row({ key: "else/1/0", runId: "else", businessKey: "refund:1", status: "inDoubt" }));
    expect((await assess({ dedupe: () => "refund:1" }, { store })).facts).toMatchObject({
      duplicateOf: "else/1/0",
    });
  });

  it("knows a tool that was used before, unless it may be repeated or has business keys", async () => {
    const store = ledger(row({}));
    expect((await assess({}, { store })).facts.usedBefore).toBe(true);
    expect((await assess({ repeat: "safe" }, { store })).facts.usedBefore).toBe(false);
    expect((await assess({ dedupe: () => "k" }, { store })).facts.usedBefore).toBe(false);
    expect((await assess({ effect: "read" }, { store })).facts.usedBefore).toBe(false);
  });

  it("refuses a business key that is no text", async () => {
    for (const key of [undefined, null, 7, ""])
      await expect(assess({ dedupe: () => key as never })).rejects.toThrow(/business key/);
  });

  it("shows genuine grants of exactly this effect, and a halt", async () => {
    const store = openMemoryStore();
    const grant = {
      effectKey: "run/2/0",
      approver: "ann",
      token: "t",
      issuedAt: 1,
      expiresAt: 9,
      usedBy: null,
      voidedAt: null,
    };
    store.putGrant({ id: "g1", ...grant });
    store.putGrant({ id: "g2", ...grant, effectKey: "run/9/9" });
    store.halt(null, "freeze", 1);
    const { facts } = await assess({}, { store });
    expect(facts).toMatchObject({
      halted: true,
      grants: [{ id: "g1", actionDigest: digest, revoked: false }],
    });
  });
});

describe("policyAnswer", () => {
  const tool = sender([], { sensitivity: ["money"] });
  const answer = (...policy: PolicyRule[]) => policyAnswer(policy, tool, { text: "a" });

  it("takes the strictest rule that speaks of the action; without one it asks", () => {
    expect(answer()).toBe("ask");
    expect(answer({ tool: "send", answer: "allow" })).toBe("allow");
    expect(answer({ tool: ["send", "x"], answer: "allow" }, { effect: "write", answer: "ask" })).toBe("ask");
    expect(answer({ answer: "allow" }, { sensitivity: "money", answer: "forbid" })).toBe("forbid");
    expect(
      answer(
        { tool: "x", answer: "forbid" },
        { effect: "read", answer: "forbid" },
        { sensitivity: "users", answer: "forbid" },
      ),
    ).toBe("ask");
    expect(answer({ when: () => false, answer: "forbid" }, { answer: "allow" })).toBe("allow");
  });

  it.each([
    [
      "throws",
      () => {
        throw new Error("no idea");
      },
    ],
    ["answers with a match", () => ["a"]],
    ["answers nothing", () => undefined],
    ["answers later", async () => false],
  ])("lets a condition that %s never allow, and lets it forbid", (_what, when) => {
    const unsure = { when: when as never };
    expect(answer({ ...unsure, answer: "allow" })).toBe("ask");
    expect(answer({ answer: "allow" }, { ...unsure, answer: "ask" })).toBe("ask");
    expect(answer({ answer: "allow" }, { ...unsure, answer: "forbid" })).toBe("forbid");
  });
});

describe("businessKeyOf", () => {
  it("is what the tool makes of its input, and nothing where it makes none", () => {
    expect(businessKeyOf(sender([]), { text: "a" })).toBeNull();
    expect(businessKeyOf(sender([], { dedupe: ({ text }) => `k:${text}` }), { text: "a" })).toBe("k:a");
  });
});
