import { it } from "vitest";
import { z } from "zod";
import { defineLoop } from "../../src/contract/index.ts";
import type { Agent } from "../../src/ports/agent.ts";
import type { Tool } from "../../src/ports/tool.ts";
import type { Verifier } from "../../src/ports/verifier.ts";

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
