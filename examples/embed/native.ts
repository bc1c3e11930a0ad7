import { defineLoop, openEngine, openMemoryStore, type Verifier } from "loopwright";
import { scriptedAgent } from "loopwright/agents";
import { defineTool } from "loopwright/tools";
import { createActor, setup, toPromise } from "xstate";
import { z } from "zod";

// The loop's chart in an XState system of your own: once as an actor, once as a child that another machine invokes.
// The engine lends the actors behind its calls, so intents and outcomes still go to its ledger first.

const sent: string[] = [];
const send = defineTool({
  name: "send",
  description: "Sends a message.",
  input: z.strictObject({ text: z.string() }),
  effect: "write",
  repeat: "safe",
  execute: async ({ text }) => {
    sent.push(text);
    return { sent: text };
  },
});

const short: Verifier<"check"> = {
  kind: "check",
  name: "short",
  containment: "workspace",
  verify: async ({ actions }) => {
    const isShort = JSON.stringify(actions).length < 200;
    const verdict = isShort ? "passed" : "failed";
    return {
      verifier: "short",
      verdict,
      summary: `the message is ${isShort ? "short" : "long"}`,
      fingerprint: verdict,
      durationMs: 0,
    };
  },
};

const messenger = (text: string) =>
  defineLoop({
    name: "messenger",
    agent: scriptedAgent({ turns: [{ actions: [{ tool: "send", input: { text } }], claim: "done" }] }),
    tools: { send },
    continue: { limits: { steps: 3 } },
    verify: { proposal: [short], goal: [short] },
    retry: {},
    escalate: { policy: [{ tool: "send", answer: "allow" }] },
  });

const engine = await openEngine({ store: openMemoryStore() });

// 1. As an actor.
const one = await engine.embed(messenger("from an actor"), { goal: "send a message" });
const actor = createActor(one.machine.provide({ actors: one.actors }), { input: one.input });
actor.subscribe((snapshot) => console.log("state   ", JSON.stringify(snapshot.value)));
actor.start();
console.log("outcome ", (await toPromise(actor)).status);

// 2. As a child of a machine of your own.
const two = await engine.embed(messenger("from a child"), { goal: "send a message" });
const parent = setup({ actors: { loop: two.machine.provide({ actors: two.actors }) } }).createMachine({
  initial: "delegating",
  states: {
    delegating: { invoke: { src: "loop", input: two.input, onDone: "celebrating", onError: "mourning" } },
    celebrating: { type: "final" },
    mourning: { type: "final" },
  },
});
const host = createActor(parent).start();
await toPromise(host);
console.log("parent  ", host.getSnapshot().value);

for (const { runId } of [one, two]) {
  for (const { key, status } of engine.store.effects(runId))
    console.log("ledger  ", key.replace(runId, "run"), status);
}
console.log("sent    ", sent.join(", "));
await engine.close();
