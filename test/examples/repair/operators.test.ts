import { describe, expect, it } from "vitest";
import { applyEdits } from "../../../examples/repair/agent/edit.ts";
import { mutantsOf } from "../../../examples/repair/agent/mutants.ts";
import { readSources } from "../../../examples/repair/agent/sources.ts";
import { parseSource } from "../../../examples/repair/agent/syntax.ts";
import { project } from "./play-loop.ts";

const unknown = { failing: [], files: null };

const variantsOf = (source: string): string[] =>
  mutantsOf("a.js", source, unknown).map(({ edit }) => applyEdits(source, [edit]));

// Each line: a source, and one edit of it that must be among those proposed.
const repairs: readonly (readonly [from: string, to: string])[] = [
  ["const f = (a, b) => a < b;", "const f = (a, b) => a <= b;"],
  ["const f = (a, b) => a === b;", "const f = (a, b) => a !== b;"],
  ["const f = (a, b) => a - b;", "const f = (a, b) => a + b;"],
  ["const f = (a, b) => a - b;", "const f = (a, b) => b - a;"],
  ["const f = (a) => a * 2;", "const f = (a) => (a - 1) * 2;"],
  ["const f = (a) => a.slice(a.length - 1);", "const f = (a) => a.slice(a.length);"],
  ["const f = (a) => a[a.length];", "const f = (a) => a[a.length - 1];"],
  ["function f(a) { a.n += 1; }", "function f(a) { a.n -= 1; }"],
  ["const f = (a, b) => a && b;", "const f = (a, b) => a || b;"],
  ["const f = (a, b) => a && b();", "const f = (a, b) => a && !b();"],
  ["const f = (a) => !a;", "const f = (a) => a;"],
  ["function f(a) { if (a) return 1; }", "function f(a) { if (!a) return 1; }"],
  ["const f = (a) => (a > 1 ? 'x' : 'y');", "const f = (a) => (a > 1 ? 'y' : 'x');"],
  ["const f = () => 7;", "const f = () => 6;"],
  ["const f = () => true;", "const f = () => false;"],
  ["const f = (left, right) => left.a + left.b;", "const f = (left, right) => left.b + left.b;"],
  ["const f = (low, high) => low + low;", "const f = (low, high) => low + high;"],
  ["const f = (low, high) => ({ low });", "const f = (low, high) => ({ low: high });"],
  ["const f = (a, b) => Math.min(a, b);", "const f = (a, b) => Math.max(a, b);"],
  ["const f = (a, b) => g(a, b);", "const f = (a, b) => g(b, a);"],
  [
    "function f(a) {\n  if (a < 0) throw new Error('no');\n  return a;\n}\nfunction g(a) {\n  return a;\n}",
    "function f(a) {\n  if (a < 0) throw new Error('no');\n  return a;\n}\nfunction g(a) {\n  if (a < 0) throw new Error('no');\n  return a;\n}",
  ],
  ["function f(a) {\n  if (!a) return 0;\n  return a;\n}", "function f(a) {\n  \n  return a;\n}"],
];

describe("the mutation operators", () => {
  it.each(repairs)("turns %j into %j", (from, to) => {
    expect(variantsOf(from)).toContain(to);
  });

  it("proposes only edits that still parse, and each only once", async () => {
    const sources = await readSources(project, { include: ["src/*.js"], exclude: [] });
    for (const [path, text] of Object.entries(sources)) {
      const mutants = mutantsOf(path, text, unknown);
      const broken = mutants.filter(({ edit }) => parseSource(applyEdits(text, [edit])) === null);
      expect(broken.map(({ where, what }) => `${where} ${what}`)).toEqual([]);
      expect(new Set(mutants.map(({ key }) => key)).size).toBe(mutants.length);
    }
  });

  it("changes neither imports nor the names of properties and parameters", () => {
    const variants = variantsOf(
      "import { a } from './b.js';\nexport const f = ({ x }, y) => ({ z: a(x, y) });\n",
    );
    for (const variant of variants)
      expect(variant).toMatch(/^import \{ a \} from '.\/b.js';\nexport const f = \(\{ x \}, y\) => /);
  });

  it("leaves a file alone that does not parse", () => {
    expect(mutantsOf("a.js", "const = ;", unknown)).toEqual([]);
    expect(mutantsOf("a.cjs", "with (a) b(1);", unknown).length).toBeGreaterThan(0);
  });

  it("rates an edit that may make an endless loop lower", () => {
    const scoreOf = (source: string, text: string): number =>
      mutantsOf("a.js", source, unknown).find(({ edit }) => edit.text === text)!.score;
    expect(scoreOf("function f(i) { while (i < 9) i += 1; }", "-=")).toBeLessThan(
      scoreOf("function f(i) { if (i < 9) i += 1; }", "-="),
    );
  });
});
