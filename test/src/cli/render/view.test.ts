import { expect, test } from "vitest";
import { follow, learn, openView } from "../../../../src/cli/render/view.ts";
import { acted, verified } from "../events.ts";
import { journaled, startView } from "../views.ts";

test("opens with the budget of the status", () => {
  expect(openView).toBeTypeOf("function");
  expect(startView()).toMatchObject({ state: "acting", call: "act", step: 0, limits: { steps: 100 } });
});

test.each([
  ["lower", [5, 3, 4], { first: 5, best: 3, now: 4 }],
  ["higher", [5, 3, 6], { first: 5, best: 6, now: 6 }],
])("keeps the best of a metric where %s is better", (direction, scores, metric) => {
  const view = scores.reduce(
    (state, score) => learn(state, verified({ score }), null),
    startView({ name: "failing", direction }),
  );
  expect(view.metric).toMatchObject(metric);
});

test("remembers the last failure until a verification passes", () => {
  const failed = learn(startView(), verified({ result: "failed", summary: "2 fail" }), null);
  expect(failed.failure).toBe("checks failed: 2 fail");
  expect(learn(failed, acted(), null).failure).toBe("checks failed: 2 fail");
  expect(learn(failed, verified({}), null).failure).toBeNull();
});

test("counts turns and starts the clock anew when the state changes", () => {
  const view = follow(
    startView(),
    journaled(acted(), { state: "verifying", call: "verify", at: 9_000 }),
    null,
  );
  expect(view).toMatchObject({ step: 1, state: "verifying", since: 9_000 });
  expect(
    follow(view, journaled(acted(), { state: "verifying", call: "verify", at: 10_000 }), null).since,
  ).toBe(9_000);
});

test("keeps only the end of endless output", () => {
  const noisy = follow(
    startView(),
    { kind: "output", runId: "7", at: 1, source: "agent", text: "x".repeat(1_000_000) },
    null,
  );
  expect(noisy.output.length).toBeLessThan(10_000);
});

test("raises the limits that a person raised", () => {
  const event = {
    type: "directive.resume" as const,
    at: 1,
    random: 0,
    by: "ada",
    signed: false,
    say: null,
    raise: { steps: 5 },
  };
  expect(follow(startView(), journaled(event), null).limits.steps).toBe(105);
});
