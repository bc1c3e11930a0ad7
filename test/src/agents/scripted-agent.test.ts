import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { AgentFailure, scriptedAgent } from "../../../src/agents/index.ts";
import { agentCases, settle, turnOf } from "../../conformance/agent.cases.ts";

agentCases("scriptedAgent", {
  able: () => scriptedAgent({ turns: [{ claim: "done", memory: { seen: [1] }, files: { a: "x" } }] }),
  endless: () => scriptedAgent({ turns: [() => new Promise(() => {})] }),
  failing: () =>
    scriptedAgent({
      turns: [
        () => {
          throw new TypeError("boom".repeat(10_000));
        },
      ],
    }),
});

describe("scriptedAgent", () => {
  const agent = scriptedAgent({
    turns: [{ note: "one" }, (request) => ({ note: `two of ${request.goal}` })],
  });

  it("chooses its turn by the step, whatever came before", async () => {
    const second = turnOf({ step: 2, goal: "g" });
    expect((await settle(agent, second)).reply).toMatchObject({ note: "two of g" });
    expect((await settle(agent, second)).reply).toMatchObject({ note: "two of g" });
    expect((await settle(agent, turnOf({ step: 1 }))).reply).toMatchObject({ note: "one" });
  });

  it("claims to be stuck after its last turn, or does as told", async () => {
    expect((await settle(agent, turnOf({ step: 3 }))).reply).toMatchObject({ claim: "stuck" });
    const told = scriptedAgent({ turns: [], onExhausted: { claim: "done" } });
    expect((await settle(told, turnOf({ step: 9 }))).reply).toMatchObject({ claim: "done" });
  });

  it("reports that nothing was used unless the script says otherwise", async () => {
    expect((await settle(agent, turnOf())).reply?.usage).toEqual({ tokens: 0, costMicroUsd: 0 });
    const unsure = scriptedAgent({ turns: [{ usage: "unknown" }] });
    expect((await settle(unsure, turnOf())).reply?.usage).toBe("unknown");
  });

  it("writes and deletes files in its directory, and keeps them out of the reply", async () => {
    const turn = turnOf();
    const writer = scriptedAgent({
      turns: [{ files: { "deep/a.txt": "text" } }, { files: { "deep/a.txt": null, gone: null } }],
    });
    const { reply } = await settle(writer, turn);
    expect(reply).not.toHaveProperty("files");
    const file = join(turn.request.directory, "deep", "a.txt");
    expect(readFileSync(file, "utf8")).toBe("text");
    await settle(writer, { ...turn, request: { ...turn.request, step: 2 } });
    expect(existsSync(file)).toBe(false);
  });

  it.each(["../escape", "/tmp/loopwright-escape", ".", "a/../../escape"])(
    "refuses to write outside of it: %s",
    async (path) => {
      const turn = turnOf();
      const { thrown } = await settle(scriptedAgent({ turns: [{ files: { [path]: "x" } }] }), turn);
      expect(thrown).toMatchObject({ failure: { errorClass: "invalidArguments" } });
      expect(existsSync(join(turn.request.directory, path, "x"))).toBe(false);
    },
  );

  it("throws a scripted failure as it is", async () => {
    const failure = new AgentFailure({ errorClass: "rateLimited", message: "later", retryAfterMs: 10 });
    expect((await settle(scriptedAgent({ turns: [failure] }), turnOf())).thrown).toBe(failure);
  });

  it("writes nothing when its turn was aborted before the reply", async () => {
    const turn = turnOf();
    let reply = (_: { files: Record<string, string> }): void => {};
    const slow = scriptedAgent({
      turns: [
        () =>
          new Promise((resolve) => {
            reply = resolve;
          }),
      ],
    });
    const settled = settle(slow, turn);
    turn.abort.abort();
    await settled;
    reply({ files: { late: "x" } });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(existsSync(join(turn.request.directory, "late"))).toBe(false);
  });
});
