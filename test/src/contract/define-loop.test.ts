import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LoopRules } from "../../../machines/rules.ts";
import { LoopwrightError } from "../../../src/base/errors.ts";
import { defineLoop, isLoopContract } from "../../../src/contract/index.ts";
import { agent, answers, toolNamed, verifierOf } from "../../helpers/contract.ts";

const [check, human, opinion] = [verifierOf("check"), verifierOf("human"), verifierOf("opinion")];

/** What defineLoop says to answers that TypeScript would not let through. */
function refusalOf(changes: object, from: object = answers): LoopwrightError {
  try {
    defineLoop({ ...from, ...changes } as never);
  } catch (error) {
    if (error instanceof LoopwrightError) return error;
    throw error;
  }
  throw new Error("the contract was taken");
}

const refuses = (changes: object, field: string, message: RegExp, fix: RegExp): void => {
  const refusal = refusalOf(changes);
  expect(refusal).toMatchObject({ code: "contract", field, message: expect.stringMatching(message) });
  expect(refusal.message).toContain(`contract "loop": ${field}: `);
  expect(refusal.fix).toMatch(fix);
};

const clauses = ["continue", "verify", "retry", "escalate"] as const;
const words = "the prompt tells the model to be careful";

describe("defineLoop", () => {
  it("takes the four answers and fills in every default", () => {
    const loop = defineLoop(answers);
    expect(isLoopContract(loop)).toBe(true);
    expect(loop).toMatchObject({ name: "loop", policy: [], agent: answers.agent, tools: answers.tools });
    expect(loop.verifiers).toEqual({ proposal: [check], goal: [check] });
    const { limits, verify, retry, escalate, approvals } = LoopRules.parse({});
    expect(loop.rules).toMatchObject({ limits, verify, retry, escalate, approvals });
    expect(loop.rules.tools.put).toMatchObject({ effect: "write", repeat: "safe", timeoutMs: 5_000 });
    expect(LoopRules.parse(loop.rules)).toEqual(loop.rules);
  });

  it("keeps what was answered, beside the defaults", () => {
    const { rules, workspace } = defineLoop({
      ...answers,
      workspace: null,
      turnTimeoutMs: 1_000,
      continue: { limits: { steps: 3 }, repetition: { exempt: ["put"] } },
      verify: { proposal: [human], goal: [check, opinion], maxAgeMs: 5 },
      retry: { failuresInARow: 1 },
      escalate: { onLimit: "escalate", policy: [{ tool: "put", answer: "forbid" }] },
    });
    expect(workspace).toBeNull();
    expect(rules).toMatchObject({
      agent: { timeoutMs: 1_000, maxPerTurn: null },
      limits: { ...LoopRules.parse({}).limits, steps: 3 },
      verify: { maxAgeMs: 5 },
      retry: { failuresInARow: 1 },
      escalate: { onLimit: "escalate" },
    });
  });

  it("leaves the parts as they are, those of a class too", () => {
    class Mine {
      name = "mine";
      containment = "none" as const;
      act = () => Promise.resolve({ note: this.name });
    }
    const mine = new Mine();
    expect(defineLoop({ ...answers, agent: mine }).agent).toBe(mine);
  });

  it("gives a loop without tools and workspace none", () => {
    const { tools: _tools, workspace: _workspace, ...rest } = answers;
    expect(defineLoop(rest)).toMatchObject({ tools: {}, workspace: null });
  });

  it.each(["name", "agent", ...clauses])(
    "refuses a contract without %s, and says what to write",
    (clause) => {
      const { [clause as "name"]: _left, ...rest } = answers;
      const refusal = refusalOf({}, rest);
      expect(refusal).toMatchObject({ code: "contract", field: clause });
      expect(refusal.fix).toContain(`${clause}:`);
    },
  );

  it.each(clauses)("refuses words in place of an answer to %s", (clause) => {
    refuses(
      { [clause]: words },
      clause,
      /is a text, which nothing can enforce/,
      new RegExp(`${clause}: \\{`),
    );
  });

  it.each([undefined, null, words, 3, [], () => answers])("refuses %o in place of answers", (given) => {
    expect(() => defineLoop(given as never)).toThrow(
      expect.objectContaining({ code: "contract", field: "the contract" }),
    );
  });

  it.each([
    { name: "" },
    { name: "has spaces" },
    { name: "x".repeat(65) },
    { name: "../escape" },
    { name: 3 },
    { agent: null },
    { agent: () => ({}) },
    { agent: { ...agent, act: undefined } },
    { workspace: "here" },
    { workspace: {} },
    { tools: [] },
    { tools: null },
    { turnTimeoutMs: 0 },
    { turnTimeoutMs: 1.5 },
    { turnTimeoutMs: Number.POSITIVE_INFINITY },
    { turnTimeoutMs: "15 minutes" },
    ...clauses.flatMap((clause) => [{ [clause]: null }, { [clause]: [] }, { [clause]: 1 }]),
  ])("refuses %o and names the clause", (changes) => {
    const [clause] = Object.keys(changes) as [string];
    expect(refusalOf(changes)).toMatchObject({ code: "contract", field: clause });
  });

  it.each([
    ["agent.name", { agent: { ...agent, name: "" } }],
    ["agent.containment", { agent: { ...agent, containment: "total" } }],
    ["agent.maxPerTurn", { agent: { ...agent, maxPerTurn: "lots" } }],
    ["agent.maxPerTurn.tokens", { agent: { ...agent, maxPerTurn: { tokens: -1, costMicroUsd: 0 } } }],
    ["tools.put", { tools: { put: null } }],
    ["tools.put.name", { tools: { put: { execute: () => {} } } }],
    ["tools.put.input", { tools: { put: { ...toolNamed("put"), input: {} } } }],
    ["tools.put.effect", { tools: { put: { ...toolNamed("put"), effect: "harmless" } } }],
    ["tools.put.timeoutMs", { tools: { put: { ...toolNamed("put"), timeoutMs: Number.POSITIVE_INFINITY } } }],
    ["tools.put.repeat", { tools: { put: { ...toolNamed("put"), repeat: "always" } } }],
    ["workspace.kind", { workspace: { open: () => {} } }],
    ["verify.goal.0", { verify: { ...answers.verify, goal: ["the tests pass"] } }],
    ["verify.goal.0.kind", { verify: { ...answers.verify, goal: [{ ...check, kind: "hunch" }] } }],
    ["verify.goal.0.timeoutMs", { verify: { ...answers.verify, goal: [{ ...check, timeoutMs: 0 }] } }],
    ["verify.maxAgeMs", { verify: { ...answers.verify, maxAgeMs: 0 } }],
    ["continue.limits", { continue: { limits: "few" } }],
    ["continue.progress.patience", { continue: { progress: { patience: 0 } } }],
    ["continue.progress.metric", { continue: { progress: { metric: "failing" } } }],
    ["continue.repetition", { continue: { repetition: 3 } }],
    ["retry.failuresInARow", { retry: { failuresInARow: 0 } }],
    ["retry.backoff.maxMs", { retry: { backoff: { maxMs: Number.POSITIVE_INFINITY } } }],
    ["retry.workspace", { retry: { workspace: "hope" } }],
    ["escalate.onLimit", { escalate: { onLimit: "goOn" } }],
    ["escalate.approvals", { escalate: { approvals: "me" } }],
    ["escalate.policy", { escalate: { policy: "ask first" } }],
    ["escalate.policy.0.answer", { escalate: { policy: [{ tool: "put" }] } }],
    ["escalate.policy.0.answer", { escalate: { policy: [{ tool: "put", answer: "perhaps" }] } }],
    ["escalate.policy.0.effect", { escalate: { policy: [{ effect: "harmless", answer: "allow" }] } }],
    ["escalate.policy.0.when", { escalate: { policy: [{ when: "it is small", answer: "allow" }] } }],
  ])("refuses what is wrong in %s, whoever made the part", (field, changes) => {
    const refusal = refusalOf(changes);
    expect(refusal).toMatchObject({ code: "contract", field });
    expect(refusal.fix).not.toBe("");
  });

  it.each([
    ["the contract", { budget: 3 }, /unknown field budget/],
    ["continue.limits", { continue: { limits: { step: 3 } } }, /unknown field step$/],
    ["escalate.policy.0", { escalate: { policy: [{ tol: "put", answer: "ask" }] } }, /unknown field tol$/],
  ])("refuses a misspelt field in %s instead of passing over it", (field, changes, message) => {
    refuses(changes, field, message, /./);
  });

  it("refuses a limit that is none", () => {
    const none = [Number.POSITIVE_INFINITY, Number.NaN, 0, -1, 1.5, null, "10", 2 ** 60];
    for (const name of Object.keys(LoopRules.parse({}).limits)) {
      for (const value of none) {
        const changes = { continue: { limits: { [name]: value } } };
        refuses(changes, `continue.limits.${name}`, /./, /every limit is a finite whole number/);
      }
    }
  });

  it("refuses opinions alone as proof, and no proof at all", () => {
    for (const part of ["proposal", "goal"]) {
      const verifying = (proof: unknown) => ({ verify: { ...answers.verify, [part]: proof } });
      refuses(
        verifying([opinion, opinion]),
        `verify.${part}`,
        /opinion alone proves nothing/,
        /external check/,
      );
      refuses(verifying([]), `verify.${part}`, /at least one verifier/, /external check/);
      refuses(verifying(undefined), `verify.${part}`, /is missing/, /external check/);
      refuses(verifying(words), `verify.${part}`, /expected array/, /external check/);
    }
  });

  it("refuses the name of a tool that does not exist, wherever it stands", () => {
    const policy = (tool: unknown) => ({
      escalate: { policy: [{ answer: "allow" }, { tool, answer: "allow" }] },
    });
    const known = /^the tools are: put$/;
    refuses(policy("pit"), "escalate.policy.1.tool", /there is no tool "pit"/, known);
    refuses(policy(["put", "pit"]), "escalate.policy.1.tool", /there is no tool "pit"/, known);
    refuses(policy("constructor"), "escalate.policy.1.tool", /there is no tool "constructor"/, known);
    refuses({ ...policy("put"), tools: {} }, "escalate.policy.1.tool", /"put"/, /declares no tools/);
    const exempt = { continue: { repetition: { exempt: ["poll"] } } };
    refuses(exempt, "continue.repetition.exempt", /there is no tool "poll"/, /put/);
    refuses({ ...exempt, tools: {} }, "continue.repetition.exempt", /"poll"/, /none/);
  });

  it("refuses a tool under another name than its own", () => {
    refuses({ tools: { set: toolNamed("put") } }, "tools.set", /calls itself "put"/, /tools: { "put": … }/);
  });

  it("refuses a workspace rule that has nothing to go by", () => {
    const metric = { progress: { metric: { name: "failing" } } };
    for (const mode of ["ratchet", "strictRatchet"]) {
      const changes = { retry: { workspace: mode } };
      refuses(changes, "retry.workspace", /needs to know which tree is better/, /progress\.metric/);
      const nowhere = { ...changes, continue: metric, workspace: null };
      refuses(nowhere, "retry.workspace", /needs a workspace/, /gitWorkspace/);
      expect(defineLoop({ ...answers, ...changes, continue: metric } as never).rules.retry.workspace).toBe(
        mode,
      );
    }
    refuses({ retry: { workspace: "reset" }, workspace: null }, "retry.workspace", /needs a workspace/, /./);
    expect(defineLoop({ ...answers, workspace: null, retry: { workspace: "keep" } }).workspace).toBeNull();
  });

  it("lists further problems, and not without end", () => {
    const wrong = Object.fromEntries(["name", "agent", "tools", ...clauses].map((clause) => [clause, 1]));
    const { field, message } = refusalOf(wrong);
    expect(field).toBe("name");
    expect(message.split("\n  also ")).toHaveLength(5);
    expect(message).toContain("also agent: ");
  });

  it("throws nothing but such an error, whatever stands in the place of answers", () => {
    const keys = Object.keys(answers);
    const property = (clause: string, value: unknown) => {
      try {
        return isLoopContract(defineLoop({ ...answers, [clause]: value } as never));
      } catch (error) {
        return error instanceof LoopwrightError && error.code === "contract" && error.fix !== "";
      }
    };
    fc.assert(fc.property(fc.constantFrom(...keys), fc.anything({ withNullPrototype: true }), property));
  });
});

describe("isLoopContract", () => {
  it("knows what defineLoop made, also by another copy of this package, and nothing else", () => {
    const loop = defineLoop(answers);
    expect([loop, { [Symbol.for("loopwright.contract")]: true }].map(isLoopContract)).toEqual([true, true]);
    expect([answers, { ...answers }, null, undefined, "loop", () => loop].map(isLoopContract)).not.toContain(
      true,
    );
  });
});
