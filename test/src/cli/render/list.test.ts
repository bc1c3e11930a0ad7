import { expect, test } from "vitest";
import { listLines } from "../../../../src/cli/render/list.ts";
import { widthOf } from "../../../../src/cli/render/text.ts";
import type { RunRecord } from "../../../../src/ports/store.ts";
import { plain } from "../stage.ts";

const style = { columns: 60, color: plain, store: "here.db" };
const record = {
  id: "7",
  loop: "counter",
  goal: "g\u001b".repeat(80),
  state: "acting",
  outcome: null,
  updatedAt: 0,
} as unknown as RunRecord;

test("says where nothing was found", () => {
  expect(listLines([], style)).toEqual(["no runs in here.db"]);
});

test("keeps every line within the terminal and harmless", () => {
  const lines = listLines([record, { ...record, id: "a-long-id" }], style);
  for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(60);
  expect(lines.join("\n")).not.toContain("\u001b");
});

test("says how ended runs ended", () => {
  const ended = { ...record, outcome: { status: "stopped", reason: "limit", detail: "steps" } } as RunRecord;
  expect(listLines([ended], style)[1]).toContain("stopped at a limit");
});
