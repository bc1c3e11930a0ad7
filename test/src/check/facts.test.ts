import { describe, expect, it } from "vitest";
import { isApproved } from "../../../guards/approval.ts";
import { searched } from "../../../src/check/check.ts";
import { everyWay } from "../../../src/check/choices.ts";
import { factsAbout, grantsFor, grantsText } from "../../../src/check/facts.ts";
import { now, presentKey } from "../../../src/check/forget.ts";
import type { Situation } from "../../../src/check/situation.ts";
import { contractOf, drop, toolOf } from "../../helpers/checking.ts";
import { memory } from "../../helpers/memory.ts";

const contract = contractOf({
  tools: { drop, keyed: toolOf("keyed", { dedupe: () => "k", permitted: () => true }) },
  escalate: {
    policy: [{ tool: "keyed", answer: "allow" }],
    approvals: { approvers: ["ann", "bob"], quorum: 2 },
  },
});
const { world } = searched(contract);
const about = { key: presentKey, digest: "d", hasAttempts: true };

describe("grants as they may lie in the store", () => {
  const all = [...everyWay((choose) => grantsFor(world.rules, about, choose))];
  const approves = (grants: (typeof all)[number], destructive: boolean) =>
    isApproved({
      grants,
      effectKey: presentKey,
      actionDigest: "d",
      destructive,
      now,
      rules: world.rules.approvals,
    });

  it("are enough in one way, and in one more where the effect used them itself", () => {
    expect(all.filter((grants) => approves(grants, true))).toHaveLength(1);
    expect(all.filter((grants) => approves(grants, false))).toHaveLength(2);
    expect(all.length).toBeGreaterThan(10);
  });

  it("are each called something else", () => {
    const texts = all.map((grants) => grantsText(grants, presentKey));
    expect(texts).toContain("2 good grants");
    expect(texts.filter((text, i) => texts.indexOf(text) !== i)).toEqual([]);
  });

  it("are none where nobody may give any", () => {
    const nobody = { ...world.rules, approvals: { ...world.rules.approvals, approvers: [] } };
    expect([...everyWay((choose) => grantsFor(nobody, about, choose))]).toEqual([[]]);
  });
});

describe("facts about an action", () => {
  const situation = (tool: string): Situation => ({
    state: "effect.assessing",
    context: memory({
      turn: {
        claim: null,
        actions: [{ tool, input: null, digest: "present" }],
        proposal: "p",
        tree: "tree",
        changed: false,
      },
    }),
    call: "assess",
    timer: "t",
    ended: false,
    sent: null,
  });

  it("are chosen only when they are looked at, and once", () => {
    expect([...everyWay((choose) => void factsAbout(world, situation("drop"), choose))]).toHaveLength(1);
    const twice = [
      ...everyWay((choose) => {
        const { facts } = factsAbout(world, situation("drop"), choose);
        return [facts.inputValid, facts.inputValid];
      }),
    ];
    expect(twice).toEqual([
      [true, true],
      [false, false],
    ]);
  });

  it("are free only where the contract leaves them open", () => {
    const ways = (tool: string, name: "permitted" | "inScope" | "policy" | "duplicateOf" | "usedBefore") => [
      ...everyWay((choose) => factsAbout(world, situation(tool), choose).facts[name]),
    ];
    expect(ways("keyed", "permitted")).toEqual([true, false]);
    expect(ways("keyed", "inScope")).toEqual([true]);
    expect(ways("keyed", "policy")).toEqual(["allow"]);
    expect(ways("keyed", "duplicateOf")).toEqual([null, "elsewhere"]);
    expect(ways("keyed", "usedBefore")).toEqual([false]);
    expect(ways("drop", "policy")).toEqual(["ask"]);
    expect(ways("drop", "usedBefore")).toEqual([false, true]);
  });

  it("are told where they are not as one would hope", () => {
    const words = [
      ...everyWay((choose) => {
        const { facts, words: told } = factsAbout(world, situation("keyed"), choose);
        void [facts.permitted, facts.tree];
        return told();
      }),
    ];
    expect(words).toEqual([
      [],
      ["the tree has changed"],
      ["a permission is missing"],
      ["a permission is missing", "the tree has changed"],
    ]);
  });
});
