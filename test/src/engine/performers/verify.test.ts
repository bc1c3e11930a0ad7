import { describe, expect, it } from "vitest";
import { VerifyReply } from "../../../../machines/events.ts";
import { messageCharsMax } from "../../../../src/base/limits.ts";
import { performVerify } from "../../../../src/engine/performers/verify.ts";
import type { Verifier } from "../../../../src/ports/verifier.ts";
import { evidence, type LoopParts, scriptedCheck } from "../stage.ts";
import { call, oddities, scopeOf, treeSession } from "./scope.ts";

const turn = { claim: null, actions: [], proposal: "P", tree: "T1", changed: true };
const stamp = { at: 1, random: 0, callId: "1" };
const metric = { continue: { progress: { metric: { name: "failing", direction: "lower" } } } } as LoopParts;

async function verify(
  parts: LoopParts,
  { purpose = "proposal", signal }: { purpose?: "baseline" | "proposal" | "goal"; signal?: AbortSignal } = {},
) {
  const scope = scopeOf(parts, { session: treeSession("T1") });
  const context = call(signal);
  const input = { callId: "1", step: 1, purpose, turn: purpose === "baseline" ? null : turn };
  const answer = (await performVerify(scope)(input, context)) as object;
  return { reply: VerifyReply.parse({ ...answer, ...stamp }), scope, heard: context.heard };
}
const checking = (check: Parameters<typeof scriptedCheck>[0], more: Partial<Verifier> = {}) => ({
  proposal: [scriptedCheck(check, more)],
});

describe("performVerify", () => {
  it("says what the verifiers of the purpose said of the tree that is there now, and keeps their evidence", async () => {
    const parts = { ...checking(() => evidence("passed")), goal: [scriptedCheck(() => evidence("failed"))] };
    const { reply, scope } = await verify(parts);
    expect(reply).toMatchObject({
      purpose: "proposal",
      proposal: "P",
      tree: "T1",
      result: "passed",
      score: null,
    });
    expect(JSON.parse(scope.store.blob(reply.evidence)!)).toMatchObject([
      { verifier: "scripted", verdict: "passed" },
    ]);
    expect((await verify(parts, { purpose: "goal" })).reply).toMatchObject({
      purpose: "goal",
      result: "failed",
    });
  });

  it("tells verifiers what was proposed, and passes their output on under their name", async () => {
    const seen: unknown[] = [];
    const { heard } = await verify(
      checking((request, { onOutput }) => {
        seen.push(request);
        onOutput("1 of 2");
        return evidence("passed");
      }),
    );
    expect(seen).toMatchObject([
      { purpose: "proposal", goal: "perform", tree: "T1", base: "T0", actions: [] },
    ]);
    expect(heard).toEqual(["verifier: scripted: 1 of 2"]);
  });

  it("measures the baseline by the proposal's verifiers, else by those of the goal", async () => {
    const scored = (failing: number) => scriptedCheck(() => evidence("failed", { metrics: { failing } }));
    const mute = scriptedCheck(() => evidence("passed"));
    const of = async (proposal: Verifier<"check">, goal: Verifier<"check">) =>
      (await verify({ ...metric, proposal: [proposal], goal: [goal] }, { purpose: "baseline" })).reply.score;
    expect(await of(scored(3), scored(9))).toBe(3);
    expect(await of(mute, scored(9))).toBe(9);
    expect(await of(mute, mute)).toBeNull();
  });

  it.each(oddities)("takes a throw of %s for unverifiable", async (_what, thrown) => {
    const { reply } = await verify(checking(() => Promise.reject(thrown)));
    expect(reply).toMatchObject({ result: "unverifiable" });
  });

  it.each([
    ["nothing", undefined],
    ["an unknown verdict", evidence("fine" as never)],
    ["a metric that is no number", evidence("passed", { metrics: { failing: Number.NaN } })],
  ])("takes %s for unverifiable", async (_what, answer) => {
    expect((await verify(checking(() => answer))).reply).toMatchObject({ result: "unverifiable" });
  });

  it("takes a verifier that needs too long for unverifiable", async () => {
    const { reply } = await verify(checking((_request, { signal }) => aborted(signal), { timeoutMs: 20 }));
    expect(reply).toMatchObject({ result: "unverifiable", summary: expect.stringContaining("20 ms") });
  });

  it("ends soon when the call is given up", async () => {
    const controller = new AbortController();
    const verifying = verify(
      checking((_request, { signal }) => aborted(signal)),
      { signal: controller.signal },
    );
    controller.abort(new Error("enough"));
    expect((await verifying).reply).toMatchObject({ result: "unverifiable" });
  });

  it("bounds what it says, and makes half characters whole", async () => {
    const long = evidence("failed", {
      summary: "s".repeat(50_000),
      output: `\ud83d${"o".repeat(5_000_000)}`,
      fingerprint: "\udc00",
    });
    const { reply, scope } = await verify(checking(() => long));
    expect(reply.summary.length).toBeLessThanOrEqual(messageCharsMax);
    expect(scope.store.blob(reply.evidence)!.length).toBeLessThan(20 * messageCharsMax);
  });
});

const aborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
