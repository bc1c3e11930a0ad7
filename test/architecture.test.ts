import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { describe, expect, it } from "vitest";

// Who may import whom: src → machines → actions → guards, never back; no cycles; and inside src, peers do not know
// each other: base and ports lie below them all, the engine and the checker stand on them, and the command line and what
// people test their contracts with on those.

const root = resolve(import.meta.dirname, "..");
const layers = ["guards", "actions", "machines", "src"];
const peers = [
  "contract",
  "host",
  "store",
  "process",
  "verifiers",
  "agents",
  "tools",
  "workspaces",
  "diagram",
];

const filesIn = (folder: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => join(folder, file));

const sources = layers.flatMap(filesIn);
const specifier = /^(?:import|export)\b[^;]*?\bfrom\s+"(\.[^"]+)"|\bimport\("(\.[^"]+)"\)/gms;

function importsOf(file: string): string[] {
  const text = readFileSync(join(root, file), "utf8");
  return [...text.matchAll(specifier)].map(([, a, b]) =>
    relative(root, resolve(root, dirname(file), (a ?? b)!)),
  );
}

const graph = new Map(sources.map((file) => [file, importsOf(file)]));
const edges = [...graph].flatMap(([from, targets]) => targets.map((to) => ({ from, to })));

const layerOf = (file: string): number => layers.indexOf(file.split("/")[0]!);

/** The room of a file in src: ports and base below, then the peers, then engine and checker, then cli, testing and the entry. */
function roomOf(file: string): { name: string; rank: number } {
  const [, name = ""] = file.split("/");
  if (name === "base") return { name, rank: 0 };
  if (name === "ports") return { name, rank: 1 };
  if (peers.includes(name)) return { name, rank: 2 };
  if (name === "engine" || name === "check") return { name, rank: 3 };
  return { name: name === "cli" || name === "testing" ? name : "entry", rank: 4 };
}

function isAllowedInSrc(from: string, to: string): boolean {
  const [a, b] = [roomOf(from), roomOf(to)];
  if (a.name === b.name) return true;
  // The chain's hash is over a journal row, whose type is a port.
  if (a.name === "base") return b.name === "ports";
  return b.rank < a.rank;
}

function cycles(): string[][] {
  const found: string[][] = [];
  const done = new Set<string>();
  const walk = (file: string, path: string[]): void => {
    if (path.includes(file)) found.push([...path.slice(path.indexOf(file)), file]);
    if (path.includes(file) || done.has(file)) return;
    for (const next of graph.get(file) ?? []) walk(next, [...path, file]);
    done.add(file);
  };
  for (const file of graph.keys()) walk(file, []);
  return found;
}

describe("the house", () => {
  it("sees imports at all", () => {
    expect(edges.length).toBeGreaterThan(sources.length);
  });

  it("imports only downwards: src, machines, actions, guards", () => {
    expect(edges.filter(({ from, to }) => layerOf(from) < layerOf(to))).toEqual([]);
  });

  it("imports nothing from outside the four folders", () => {
    expect(edges.filter(({ to }) => layerOf(to) === -1 && existsSync(join(root, to)))).toEqual([]);
  });

  it("keeps the peers in src apart", () => {
    const inside = edges.filter(({ from, to }) => from.startsWith("src/") && to.startsWith("src/"));
    expect(inside.filter(({ from, to }) => !isAllowedInSrc(from, to))).toEqual([]);
  });

  it("has no cycles", () => {
    expect(cycles()).toEqual([]);
  });

  it("lets only src touch the world", () => {
    const world = /\bfrom "node:|\bDate\b|\bMath\.random\b|\bprocess\./;
    const lower = sources.filter((file) => !file.startsWith("src/"));
    const touching = lower.filter((file) =>
      world.test(readFileSync(join(root, file), "utf8").replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, "")),
    );
    expect(touching).toEqual([]);
  });

  it("has a test for every source file that does something, at the mirrored path", () => {
    const comments = /\/\*[\s\S]*?\*\/|\/\/.*/g;
    const types = /^(export )?type [^\n]*(;|\n[\s\S]*?^\S*;)$/gm;
    const acts = (file: string) =>
      /=>|\bfunction\b/.test(readFileSync(join(root, file), "utf8").replace(comments, "").replace(types, ""));
    const untested = sources
      .filter((file) => !file.endsWith("index.ts") && !file.startsWith("src/ports/") && acts(file))
      .filter((file) => !existsSync(join(root, "test", file.replace(/\.ts$/, ".test.ts"))));
    expect(untested).toEqual([]);
  });
});
