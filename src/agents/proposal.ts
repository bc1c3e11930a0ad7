import { z } from "zod";
import { turnBytesMax } from "../base/limits.ts";
import type { ProposedAction } from "../ports/agent.ts";
import type { Json } from "../ports/json.ts";
import { parseJson } from "./parse-json.ts";

/** Levels of nesting of a proposal; deeper ones would overflow what walks through them later. */
const depthMax = 64;

/** Characters of a note: one line of the journal. */
const noteCharsMax = 300;

const ProposalShape = z.strictObject({
  actions: z.array(z.strictObject({ tool: z.string().min(1), input: z.unknown().default({}) })).optional(),
  claim: z.enum(["done", "stuck"]).optional(),
  note: z.string().optional(),
});

/** What an agent's answer may end with. */
export type Proposal = { actions?: ProposedAction[]; claim?: "done" | "stuck"; note?: string };

/** `words`: the answer without its proposal. */
export type ProposalReading = { proposal: Proposal; words: string } | { malformed: string };

type Candidate = { at: number; text: string };

const key = /"(?:actions|claim|note)"\s*:/g;

const fence = /^[ \t]*```[^\n`]*\n([\s\S]*?)^[ \t]*```/gm;

const blank = (text: string): string => text.replaceAll(/[^\n]/g, " ");

const isProposal = ({ text }: Candidate): boolean => text.startsWith("{") && text.search(key) >= 0;

function lastFenced(text: string): Candidate | undefined {
  return [...text.matchAll(fence)]
    .map(({ index, 1: inner = "" }) => ({ at: index, text: inner.trim() }))
    .findLast(isProposal);
}

/** The last object outside of fences that opens a line: that line, or all up to the line that closes it. */
function lastBare(text: string): Candidate | undefined {
  const outside = `\n${text.replaceAll(fence, blank)}`;
  const lastKey = [...outside.matchAll(key)].at(-1)?.index;
  const at = lastKey === undefined ? -1 : outside.lastIndexOf("\n{", lastKey);
  if (at < 0) return undefined;
  const [line = ""] = outside.slice(at + 1).split("\n", 1);
  const [block = outside.slice(at + 1)] = /^\{[\s\S]*?^\}/m.exec(outside.slice(at + 1)) ?? [];
  return { at, text: parseJson(line) === undefined ? block : line };
}

function isDeeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => isDeeperThan(inner, levels - 1));
}

function checked(value: unknown, words: string): ProposalReading {
  if (isDeeperThan(value, depthMax)) return { malformed: `it is nested more than ${depthMax} levels deep` };
  const parsed = ProposalShape.safeParse(value);
  if (!parsed.success) return { malformed: z.prettifyError(parsed.error) };
  const { actions, claim, note } = parsed.data;
  return {
    words,
    proposal: {
      ...(actions && { actions: actions.map(({ tool, input }) => ({ tool, input: input as Json })) }),
      ...(claim && { claim }),
      ...(note !== undefined && { note: oneLine(note) }),
    },
  };
}

/** A text as one bounded line. */
export const oneLine = (text: string): string => text.replaceAll(/\s+/g, " ").trim().slice(0, noteCharsMax);

/**
 * The proposal at the end of an agent's answer: the last line or fenced block that is a JSON object with `actions`,
 * `claim` or `note`; an empty one when there is none. One that is cut off, too large, too deep or of another shape is
 * malformed, and the reason is said.
 */
export function readProposal(text: string): ProposalReading {
  const [last] = [lastFenced(text), lastBare(text)]
    .filter((candidate) => candidate !== undefined)
    .sort((a, b) => b.at - a.at);
  if (last === undefined) return { proposal: {}, words: text };
  if (Buffer.byteLength(last.text) > turnBytesMax)
    return { malformed: `it is larger than ${turnBytesMax} bytes` };
  const value = parseJson(last.text);
  return value === undefined ? { malformed: "it is not valid JSON" } : checked(value, text.slice(0, last.at));
}
