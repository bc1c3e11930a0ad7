import { describe, expect, it } from "vitest";
import {
  actionOf,
  askingAnswer,
  distinctInputs,
  gateOf,
  passageOf,
  playing,
  proposing,
  subjectOf,
} from "../../../../src/testing/cases/subject.ts";
import { contractOf, drop, references, toolOf } from "../../../helpers/checking.ts";

const pay = toolOf("pay", { sensitivity: ["money"], inScope: () => false, dedupe: () => "same" });
const open = { policy: [{ answer: "allow" }], approvals: { approvers: ["ann"] } };
const contract = contractOf({ tools: { put: toolOf("put"), pay, drop }, escalate: open });

describe("a tool", () => {
  it.each([
    ["put", "free"],
    ["pay", "asked"],
    ["drop", "asked"],
  ] as const)("called %s comes through the gate %s", (name, route) => {
    expect(subjectOf(contract, name)).toMatchObject({ name, route, isRead: false });
  });

  it("comes through no gate that is shut, or that nobody opens", () => {
    const shut = contractOf({ escalate: { policy: [{ answer: "forbid" }] } });
    expect(subjectOf(shut, "put")).toMatchObject({ answers: ["forbid"], canBeAsked: false, route: null });
    expect(subjectOf(contractOf(), "put")).toMatchObject({ answers: ["ask"], canBeAsked: true, route: null });
  });

  it("has arguments, told apart by its business key", () => {
    const subject = subjectOf(contract, "put");
    expect(actionOf(subject, 2)).toEqual({ tool: "put", input: { n: 2 } });
    expect(proposing(subject)).toEqual({ actions: [{ tool: "put", input: { n: 0 } }], claim: "done" });
    expect(distinctInputs(subject)).toHaveLength(64);
    expect(distinctInputs(subjectOf(contract, "pay"))).toHaveLength(1);
    expect(subjectOf(contract, "put", [{ n: 7 }]).inputs).toEqual([{ n: 7 }]);
  });
});

describe("the gate", () => {
  it("is scripted only where the contract would not answer like that", () => {
    expect(gateOf(contract, subjectOf(contract, "put"), "allow")).toEqual({});
    expect(gateOf(contract, subjectOf(contract, "put"), "ask")).toEqual({ policy: "ask" });
    expect(gateOf(contract, subjectOf(contract, "pay"), "allow")).toEqual({ inScope: true });
    expect([askingAnswer(subjectOf(contract, "pay")), askingAnswer(subjectOf(contract, "put"))]).toEqual([
      "allow",
      "ask",
    ]);
  });

  it("is passed with a word where one is needed, and of a destructive tool with one for each attempt", () => {
    const words = (name: string, way: "free" | "asked", attempts: number) =>
      passageOf(contract, subjectOf(contract, name), { way, attempts });
    expect(words("put", "free", 2)).toMatchObject({ words: [], need: { questions: 0, reverifications: 1 } });
    expect(words("pay", "asked", 2)).toMatchObject({
      words: ["grant"],
      need: { questions: 1, reverifications: 2 },
    });
    expect(words("drop", "asked", 2).words).toEqual(["grant", "grant"]);
    const read = subjectOf(references.safe!, "read");
    expect(passageOf(references.safe!, read, { way: "asked" }).need).toEqual({
      questions: 1,
      reverifications: 0,
    });
  });

  it("and what the tool does make a script", () => {
    const subject = subjectOf(contract, "put");
    const passage = passageOf(contract, subject, { way: "free" });
    expect(playing(subject, passage, { modes: ["hangs"] })).toEqual({
      turns: [proposing(subject)],
      tools: { put: { modes: ["hangs"] } },
      people: [],
    });
  });
});
