import { expect, test } from "vitest";
import { effectLines, headLines, stepLines } from "../../../../src/cli/render/story.ts";
import type { EffectRow, RunRecord } from "../../../../src/ports/store.ts";
import { acted, verified } from "../events.ts";
import { plain } from "../stage.ts";

const style = { columns: 80, color: plain };
const scene = (event: ReturnType<typeof acted>) => ({
  seq: 1,
  at: 0,
  type: event.type,
  event,
  evidence: null,
});
const detail = { full: false, transcript: () => "said \u001b[2J this" };

test("shows transcripts in full detail only, and harmless", () => {
  const step = {
    step: 2,
    scenes: [scene(acted({ actions: [{ tool: "put", input: { n: 1 }, digest: "d" }] }))],
  };
  const text = (full: boolean) => stepLines(step, { ...detail, full }, style).join("\n");
  expect(text(false)).not.toContain("transcript");
  expect(text(true)).toContain("| said \\u{1b}[2J this");
  expect(text(true)).toContain('|   "n": 1');
});

test("says when evidence is gone and when a kind of event is unknown", () => {
  const unknown = { seq: 1, at: 0, type: "future.event", event: null, evidence: null };
  const text = stepLines({ step: 1, scenes: [scene(verified({})), unknown] }, detail, style).join("\n");
  expect(text).toContain("the evidence is no longer stored");
  expect(text).toContain("a kind unknown to this version: future.event");
});

test("names run, goal and where it stands", () => {
  const run = {
    id: "7",
    loop: "l",
    goal: "g",
    directory: "/p",
    contractFile: null,
    createdAt: 0,
    updatedAt: 0,
    state: "acting",
    outcome: null,
  };
  const text = headLines(run as unknown as RunRecord, style).join("\n");
  expect(text).toContain("given by a program");
  expect(text).toContain("in state acting");
});

test("lists effects, and nothing where there is none", () => {
  expect(effectLines([], style)).toEqual([]);
  const effect = {
    tool: "put",
    status: "inDoubt",
    attempts: [{}],
    result: null,
    key: "7/1/0",
  } as unknown as EffectRow;
  expect(effectLines([effect], style).at(-1)).toContain("in doubt after 1 attempt  7/1/0");
});
