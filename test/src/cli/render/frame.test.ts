import fc from "fast-check";
import { expect, test } from "vitest";
import { frame } from "../../../../src/cli/render/frame.ts";
import { widthOf } from "../../../../src/cli/render/text.ts";
import { follow } from "../../../../src/cli/render/view.ts";
import { verified } from "../events.ts";
import { plain } from "../stage.ts";
import { journaled, startView } from "../views.ts";

const check = {
  verifier: "tests",
  verdict: "failed" as const,
  summary: "宽".repeat(80),
  fingerprint: "f",
  durationMs: 10,
};
const failed = follow(
  startView({ name: "failing", direction: "lower" }),
  journaled(verified({ result: "failed", score: 4, summary: "bad \u001b[2J ".repeat(30) }), {
    state: "effect.committing",
    call: "execute",
  }),
  Array(20).fill(check),
);
const view = follow(
  failed,
  { kind: "output", runId: "7", at: 1, source: "agent", text: "\u001b[31mred\r\nmore" },
  null,
);

test("is never wider nor higher than the terminal, and obeys nothing hostile", () => {
  fc.assert(
    fc.property(fc.integer({ min: 12, max: 200 }), fc.integer({ min: 2, max: 60 }), (columns, rows) => {
      const lines = frame(view, { size: { columns, rows }, color: plain, now: 5_000, note: "note" }).split(
        "\n",
      );
      expect(lines.length).toBeLessThan(rows);
      for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(columns);
      expect(lines.join("\n")).not.toContain("\u001b");
    }),
  );
});

test("shows state, checks, metric, failure, budget and output", () => {
  const text = frame(view, {
    size: { columns: 100, rows: 40 },
    color: plain,
    now: 5_000,
    note: "Ctrl-C pauses",
  });
  for (const part of [
    "● effect.committing",
    "✗ tests",
    "failing: now 4, best 4",
    "failed  checks failed",
    "0 of 100",
    "│ more",
    "Ctrl-C pauses",
  ]) {
    expect(text).toContain(part);
  }
});
