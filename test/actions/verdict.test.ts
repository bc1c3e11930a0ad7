import { describe, expect, it } from "vitest";
import type { LoopState } from "../../actions/state.ts";
import { chooseStart, keepBest, measureBaseline, recordVerdict, voidVerdict } from "../../actions/verdict.ts";
import { ProgressRules } from "../../guards/progress.ts";
import { changed, memory } from "../helpers/memory.ts";

const on = (tree: string | null) => ({ result: "failed" as const, proposal: "p", tree, at: 1 });
const judged = (before: LoopState, tree: string, score: number | null, some: object = {}): LoopState =>
  changed(
    before,
    (state) => recordVerdict(state, { verdict: on(tree), fingerprint: "f", score }),
    (state) => keepBest(state, { score, lowerIsBetter: true, strict: false, ...some }),
  );
const best = ({ workspace }: LoopState) => [workspace.best, workspace.bestScore];

it("remembers what was verified, and where the workspace is", () => {
  expect(judged(memory(), "T1", 3)).toMatchObject({
    verdict: on("T1"),
    workspace: { start: "T1" },
    step: { score: 3, verdict: "f", tree: "T1" },
  });
  expect(judged(memory({ step: null }), "T1", 3).step).toBeNull();
});

it("voids a verdict", () => {
  expect(changed(judged(memory(), "T1", 3), voidVerdict).verdict).toBeNull();
});

describe("keepBest", () => {
  const first = judged(memory(), "T1", 3);

  it("keeps the better tree, in the metric's direction", () => {
    expect(best(first)).toEqual(["T1", 3]);
    expect(best(judged(first, "T2", 2))).toEqual(["T2", 2]);
    expect(best(judged(first, "T2", 4))).toEqual(["T1", 3]);
    expect(best(judged(first, "T2", 4, { lowerIsBetter: false }))).toEqual(["T2", 4]);
  });

  it("gives a tie to the later tree unless it is strict", () => {
    expect(best(judged(first, "T2", 3))).toEqual(["T2", 3]);
    expect(best(judged(first, "T2", 3, { strict: true }))).toEqual(["T1", 3]);
  });

  it("keeps what it has where nothing was measured, or where there is no tree", () => {
    expect(best(judged(first, "T2", null))).toEqual(["T1", 3]);
    expect(
      best(
        changed(memory({ verdict: on(null) }), (state) =>
          keepBest(state, { score: 1, lowerIsBetter: true, strict: false }),
        ),
      ),
    ).toEqual([null, null]);
  });
});

it("starts the next turn at the best tree, at the base or here", () => {
  const from = (to: "best" | "base" | "here", before = judged(judged(memory(), "T1", 1), "T2", 5)) =>
    changed(before, (state) => chooseStart(state, { to })).workspace.start;
  expect([from("best"), from("base"), from("here")]).toEqual(["T1", "T0", "T2"]);
  expect(from("best", memory())).toBe("T0");
});

it("measures later steps against the baseline", () => {
  const rules = ProgressRules.parse({ metric: { name: "failing" } });
  const measured = changed(memory(), (state) =>
    measureBaseline(state, { score: 5, tree: "T0", fingerprint: "f", rules }),
  );
  expect(best(measured)).toEqual(["T0", 5]);
  expect(measured.progress.best).toBe(5);
});
