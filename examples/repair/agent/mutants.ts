import { createHash } from "node:crypto";
import type { AnyNode, DoWhileStatement, ForStatement, WhileStatement } from "acorn";
import type { Edit } from "./edit.ts";
import { operators } from "./operators/index.ts";
import type { Proposal } from "./operators/operator.ts";
import { ochiai, type Segment, type Spectrum, segmentAt } from "./spectrum.ts";
import { functionAround, lineAt, parseSource, placeName, type Site, type Syntax } from "./syntax.ts";

/** One possible edit of one file, with what speaks for it. */
export type Mutant = {
  /** Names the edit by its line's text, so that it keeps its name when other lines of the file change. */
  key: string;
  path: string;
  edit: Edit;
  operator: string;
  /** The function it is in: path and name. */
  place: string;
  where: string;
  /** What it does, in words. */
  what: string;
  /** Indices of the failing tests that run through it. */
  failing: readonly number[];
  /** Suspiciousness times how often such an edit helps, in [0, 1]. */
  score: number;
};

const short = (text: string): string => createHash("sha256").update(text).digest("hex").slice(0, 12);

// The top level runs before any test, so what runs through a declaration is what runs through its uses.
function segmentsOfTopLevel(site: Site, syntax: Syntax, segments: readonly Segment[]): Segment[] {
  const statement = site.ancestors[1] ?? site.node;
  const names = new Set(
    syntax.declarations
      .filter(({ start }) => statement.start <= start && start <= statement.end)
      .map(({ name }) => name),
  );
  const uses = syntax.sites.filter(
    (other) =>
      other.node.type === "Identifier" && names.has(other.node.name) && functionAround(other) !== null,
  );
  return uses.length > 0 ? uses.map((use) => segmentAt(segments, use.node.start)) : [...segments];
}

function segmentFor(site: Site, syntax: Syntax, segments: readonly Segment[]): Segment {
  if (functionAround(site) !== null) return segmentAt(segments, site.node.start);
  const found = segmentsOfTopLevel(site, syntax, segments);
  return {
    start: site.node.start,
    failing: [...new Set(found.flatMap(({ failing }) => failing))],
    passing: Math.max(0, ...found.map(({ passing }) => passing)),
  };
}

type Loop = WhileStatement | DoWhileStatement | ForStatement;

const isLoop = (node: AnyNode): node is Loop => /^(While|DoWhile|For)Statement$/.test(node.type);

function steers(loop: Loop, inside: readonly AnyNode[], syntax: Syntax): boolean {
  const next = inside[0];
  if (next === loop.test || (loop.type === "ForStatement" && next === loop.update)) return true;
  const assigned = inside.find((one) => one.type === "AssignmentExpression");
  const test = loop.test ? syntax.text.slice(loop.test.start, loop.test.end) : "";
  return assigned?.left.type === "Identifier" && new RegExp(`\\b${assigned.left.name}\\b`).test(test);
}

// An edit of what ends a loop often makes a loop without end, which costs a whole time-out to find out.
function risk({ node, ancestors }: Site, syntax: Syntax): number {
  const chain = [...ancestors, node];
  return chain.some((one, at) => isLoop(one) && steers(one, chain.slice(at + 1), syntax)) ? 0.5 : 1;
}

const oneLine = (text: string): string => {
  const flat = text.replace(/\s+/g, " ").trim();
  return flat.length > 50 ? `${flat.slice(0, 49)}…` : flat;
};

function describe({ start, end, text, operator }: Proposal, source: string): string {
  if (start === end) return `${operator}: insert "${oneLine(text)}"`;
  if (text === "") return `${operator}: "${oneLine(source.slice(start, end))}"`;
  return `${operator}: "${oneLine(source.slice(start, end))}" becomes "${oneLine(text)}"`;
}

function keyOf(path: string, source: string, { start, end, text }: Edit): string {
  const lineStart = source.lastIndexOf("\n", start - 1) + 1;
  const lineEnd = source.indexOf("\n", end);
  const line = source.slice(lineStart, lineEnd < 0 ? undefined : lineEnd);
  const before = source.slice(0, lineStart).split(line.trim()).length;
  return short(JSON.stringify([path, line, before, start - lineStart, end - lineStart, text]));
}

type FileFacts = { path: string; syntax: Syntax; spectrum: Spectrum };

function mutantsAt(site: Site, { path, syntax, spectrum }: FileFacts): Mutant[] {
  const segment = spectrum.files === null ? null : segmentFor(site, syntax, spectrum.files[path] ?? []);
  const suspicion = segment === null ? 1 : ochiai(segment, spectrum.failing.length);
  if (suspicion === 0) return [];
  const name = placeName(site);
  return operators
    .flatMap((operator) => operator(site, syntax))
    .map((proposal) => {
      const { start, end, text } = proposal;
      const edit = { start, end, text };
      return {
        key: keyOf(path, syntax.text, edit),
        path,
        edit,
        operator: proposal.operator,
        place: `${path} ${name}`,
        where: `${path}:${lineAt(syntax.text, start)} in ${name}`,
        what: describe(proposal, syntax.text),
        failing: segment?.failing ?? [],
        score: suspicion * proposal.prior * risk(site, syntax),
      };
    });
}

/** All edits of one file that a failing test runs through; none for a file that does not parse. */
export function mutantsOf(path: string, text: string, spectrum: Spectrum): Mutant[] {
  if (spectrum.files !== null && !spectrum.files[path]?.some(({ failing }) => failing.length > 0)) return [];
  const syntax = parseSource(text);
  if (syntax === null) return [];
  const mutants = syntax.sites.flatMap((site) => mutantsAt(site, { path, syntax, spectrum }));
  const byEffect = new Map(mutants.map((mutant) => [JSON.stringify(mutant.edit), mutant]));
  return [...byEffect.values()];
}
