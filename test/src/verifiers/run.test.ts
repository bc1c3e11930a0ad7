import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { LoopwrightError } from "../../../src/base/errors.ts";
import type { Evidence, Verifier, VerifyContext } from "../../../src/ports/verifier.ts";
import { runVerifiers } from "../../../src/verifiers/run.ts";
import { memoryOf, openProject, type Project, requestOf, systemClock } from "../../helpers/verifying.ts";

let project: Project;
beforeEach(() => {
  project = openProject({ "a.txt": "a" });
});
afterEach(() => project.close());

const fine: Evidence = { verifier: "x", verdict: "passed", summary: "fine", fingerprint: "f", durationMs: 1 };
const verifier = (verify: Verifier["verify"], more: Partial<Verifier> = {}): Verifier => ({
  kind: "check",
  name: "check",
  containment: "workspace",
  verify,
  ...more,
});

const run = (verifiers: Verifier[], signal = new AbortController().signal, outputs: string[] = []) => {
  const tree = project.snapshot();
  return runVerifiers({
    verifiers,
    request: requestOf(tree, tree),
    session: project.session(tree),
    processes: project.processes,
    remembered: memoryOf(project.remembered),
    clock: systemClock,
    signal,
    onOutput: (name, chunk) => outputs.push(`${name}: ${chunk}`),
  });
};
const never = new Promise<Evidence>(() => {});

describe("runVerifiers", () => {
  it("runs all, one after another, and says what kind each was", async () => {
    const order: string[] = [];
    const step = (name: string, kind: Verifier["kind"]) =>
      verifier(
        async () => {
          order.push(`${name} starts`);
          await new Promise((resolve) => setTimeout(resolve, 5));
          order.push(`${name} ends`);
          return { ...fine, verdict: "failed" };
        },
        { name, kind },
      );
    const judged = await run([step("a", "check"), step("b", "opinion")]);
    expect(judged.map(({ verifier, kind }) => [verifier, kind])).toEqual([
      ["a", "check"],
      ["b", "opinion"],
    ]);
    expect(order).toEqual(["a starts", "a ends", "b starts", "b ends"]);
  });

  it("names evidence itself and bounds its texts", async () => {
    const [judged] = await run([
      verifier(async () => ({ ...fine, summary: "a\nb", output: "x".repeat(9_000) })),
    ]);
    expect(judged).toMatchObject({ verifier: "check", summary: "a b" });
    expect(judged!.output!.length).toBeLessThanOrEqual(4_000);
  });

  it.each<[string, Verifier["verify"], string]>([
    ["throws", async () => Promise.reject(new Error("broken")), "broken"],
    [
      "throws at once",
      () => {
        throw new Error("at once");
      },
      "at once",
    ],
    ["throws no error", async () => Promise.reject("a text"), "a text"],
    ["answers nothing", async () => undefined as never, "not valid"],
    ["answers another verdict", async () => ({ ...fine, verdict: "ok" as never }), "verdict"],
    [
      "answers numbers that are none",
      async () => ({ ...fine, metrics: { failing: Number.NaN } }),
      "metrics.failing",
    ],
  ])("holds unverifiable what %s", async (_what, verify, text) => {
    const [judged] = await run([verifier(verify)]);
    expect(judged!.verdict).toBe("unverifiable");
    expect(judged!.summary).toContain(text);
  });

  it("passes on the way out that an error knows", async () => {
    const error = new LoopwrightError({
      code: "environment",
      message: "no sandbox",
      fix: "install bubblewrap",
    });
    const [judged] = await run([verifier(async () => Promise.reject(error))]);
    expect(judged!.summary).toContain("install bubblewrap");
  });

  it("ends a verifier that does not, goes on with the next, and ignores what comes late", async () => {
    const late = verifier(
      async (_request, { signal, onOutput }) => {
        await new Promise((resolve) => signal.addEventListener("abort", resolve));
        await new Promise((resolve) => setTimeout(resolve, 20));
        onOutput("still here");
        return fine;
      },
      { timeoutMs: 50 },
    );
    const judged = await run([late, verifier(async () => fine)]);
    expect(judged.map(({ verdict }) => verdict)).toEqual(["unverifiable", "passed"]);
    expect(judged[0]!.summary).toContain("took longer than 50 ms");
  });

  it("does not wait for ever for a verifier that ignores its signal", async () => {
    const [judged] = await run([verifier(() => never, { timeoutMs: 20 })]);
    expect(judged!.verdict).toBe("unverifiable");
  }, 60_000);

  it("starts none once it is aborted, and answers for all", async () => {
    let started = 0;
    const counting = verifier(async () => {
      started += 1;
      return fine;
    });
    const judged = await run([counting, counting], AbortSignal.abort(new Error("stopped by a person")));
    expect(judged.map(({ verdict }) => verdict)).toEqual(["unverifiable", "unverifiable"]);
    expect(started).toBe(0);
  });

  it("takes back checkouts, those made after the end too", async () => {
    let context: VerifyContext | null = null;
    await run([
      verifier(async (_request, lent) => {
        context = lent;
        await lent.checkout();
        return fine;
      }),
    ]);
    await expect(context!.checkout()).rejects.toThrow("over");
    expect(project.open.size).toBe(0);
  });

  it("tells whose output it is", async () => {
    const outputs: string[] = [];
    await run(
      [
        verifier(async (_request, { onOutput }) => {
          onOutput("hello");
          return fine;
        }),
      ],
      undefined,
      outputs,
    );
    expect(outputs).toEqual(["check: hello"]);
  });
});
