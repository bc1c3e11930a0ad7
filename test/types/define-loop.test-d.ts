import { expectTypeOf, it } from "vitest";
import { z } from "zod";
import { defineLoop, type LoopContract } from "../../src/contract/index.ts";
import type { Agent } from "../../src/ports/agent.ts";
import type { Tool } from "../../src/ports/tool.ts";
import type { Verifier } from "../../src/ports/verifier.ts";
import { gitCommit } from "../../src/tools/index.ts";

// A contract that leaves an answer out, or gives one that proves nothing, must not compile.

declare const agent: Agent;
declare const deploy: Tool<{ to: string }>;
declare const tests: Verifier<"check">;
declare const review: Verifier<"human">;
declare const opinion: Verifier<"opinion">;

const rest = { name: "loop", agent, tools: { deploy }, retry: {} };
const goOn = {};
const verify = { proposal: [tests], goal: [tests] } as const;

it("takes the four answers", () => {
  defineLoop({ ...rest, continue: goOn, verify, escalate: {} });
  defineLoop({
    ...rest,
    continue: { limits: { steps: 3 } },
    verify,
    escalate: { policy: [{ tool: "deploy", answer: "ask" }] },
  });
  defineLoop({
    ...rest,
    continue: goOn,
    verify: { proposal: [review], goal: [tests, opinion] },
    escalate: {},
  });
});

it("refuses a missing answer", () => {
  // @ts-expect-error: what stops it?
  defineLoop({ ...rest, verify, escalate: {} });
  // @ts-expect-error: what proves a step?
  defineLoop({ ...rest, continue: goOn, escalate: {} });
  // @ts-expect-error: what is safe to attempt again?
  defineLoop({ name: "loop", agent, continue: goOn, verify, escalate: {} });
  // @ts-expect-error: what forces a hand-off?
  defineLoop({ ...rest, continue: goOn, verify });
  // @ts-expect-error: what proves the goal?
  defineLoop({ ...rest, continue: goOn, verify: { proposal: [tests] }, escalate: {} });
});

it("refuses a tool that does not exist", () => {
  const loop = { ...rest, continue: goOn, verify };
  // @ts-expect-error: the tool is called deploy
  defineLoop({ ...loop, escalate: { policy: [{ tool: "deplox", answer: "ask" }] } });
  // @ts-expect-error: one of them does not exist
  defineLoop({ ...loop, escalate: { policy: [{ tool: ["deploy", "drop"], answer: "ask" }] } });
});

it("refuses an opinion alone, and nothing at all, as proof", () => {
  // @ts-expect-error: a model's judgement alone proves nothing
  defineLoop({ ...rest, continue: goOn, verify: { proposal: [tests], goal: [opinion] }, escalate: {} });
  // @ts-expect-error: a model's judgement alone proves nothing
  defineLoop({ ...rest, continue: goOn, verify: { proposal: [opinion], goal: [tests] }, escalate: {} });
  // @ts-expect-error: nothing proves nothing
  defineLoop({ ...rest, continue: goOn, verify: { proposal: [tests], goal: [] }, escalate: {} });
});

it("refuses a limit or an answer of another kind", () => {
  // @ts-expect-error: a limit is a number
  defineLoop({ ...rest, continue: { limits: { steps: "many" } }, verify, escalate: {} });
  const loop = { ...rest, continue: goOn, verify };
  // @ts-expect-error: no such answer
  defineLoop({ ...loop, escalate: { policy: [{ tool: "deploy", answer: "perhaps" }] } });
  // @ts-expect-error: the input is what the schema says
  const wrong: Tool<{ to: string }>["input"] = z.strictObject({ to: z.number() });
  void wrong;
});

it("knows the tools by name, from whatever made them", () => {
  const loop = defineLoop({
    ...rest,
    tools: { deploy, "git.commit": gitCommit({ branch: "out" }) },
    continue: goOn,
    verify,
    escalate: { policy: [{ tool: ["deploy", "git.commit"], answer: "allow" }, { answer: "ask" }] },
  });
  expectTypeOf(loop).toEqualTypeOf<LoopContract>();
  type Answers = Parameters<typeof defineLoop<{ deploy: typeof deploy }>>[0];
  type Named = NonNullable<Answers["escalate"]["policy"]>[number]["tool"];
  expectTypeOf<Named>().toEqualTypeOf<"deploy" | readonly "deploy"[] | undefined>();
});

it("refuses a rule about a tool where there is none", () => {
  const loop = { name: "loop", agent, retry: {}, continue: goOn, verify };
  defineLoop({ ...loop, escalate: { policy: [{ effect: "read", answer: "ask" }] } });
  // @ts-expect-error: this loop declares no tools
  defineLoop({ ...loop, escalate: { policy: [{ tool: "deploy", answer: "ask" }] } });
});

it("refuses words in place of an answer, a misspelt clause, and what is no part", () => {
  const loop = { ...rest, continue: goOn, verify, escalate: {} };
  // @ts-expect-error: a prompt is advice
  defineLoop({ ...loop, continue: "the prompt tells the model to stop" });
  // @ts-expect-error: a prompt is advice
  defineLoop({ ...loop, retry: "the model knows" });
  // @ts-expect-error: no such clause
  defineLoop({ ...loop, budget: 3 });
  // @ts-expect-error: no such limit
  defineLoop({ ...loop, continue: { limits: { step: 3 } } });
  // @ts-expect-error: a function is no agent
  defineLoop({ ...loop, agent: async () => ({ claim: "done" }) });
  // @ts-expect-error: a tool is made by defineTool
  defineLoop({ ...loop, tools: { deploy: () => "done" } });
});
