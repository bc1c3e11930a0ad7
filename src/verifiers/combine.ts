import { messageCharsMax } from "../base/limits.ts";
import { bounded } from "../base/text.ts";
import type { Evidence, Verdict, Verifier } from "../ports/verifier.ts";
import { digestText, oneLine } from "./evidence.ts";

/** Evidence together with the kind of verifier it came from. */
export type Judged = Evidence & { kind: Verifier["kind"] };

/** What all verifiers of one proposal say together. */
export type Combined = {
  verdict: Verdict;
  /** Equal for equal failures, whatever the opinions. */
  fingerprint: string;
  /** One line for a person. */
  summary: string;
  /** What the agent is told: what did not pass, then advice. At most `messageCharsMax` characters. */
  text: string;
  /** Numbers of the same name add up. Empty when a verifier could not tell: a part of a sum would look like progress. */
  metrics: Record<string, number>;
};

/**
 * Passes only when at least one check or person was asked and all of them passed. One failure fails; else one that
 * is unverifiable, or nothing but opinions, is unverifiable. Opinions are never counted.
 */
export function combineEvidence(evidence: readonly Judged[]): Combined {
  const counted = evidence.filter(({ kind }) => kind !== "opinion");
  const verdict = verdictOf(counted);
  const open = counted.filter((item) => item.verdict !== "passed");
  const telling = open.length > 0 ? open : counted;
  return {
    verdict,
    fingerprint: digestText([
      verdict,
      telling.map(({ verifier, fingerprint }) => [verifier, fingerprint]).sort(),
    ]),
    summary: counted.length === 0 ? "nothing was checked" : oneLine(telling.map(lineOf).join("; ")),
    text: textOf(
      open,
      evidence.filter(({ kind }) => kind === "opinion"),
    ),
    metrics: counted.some((item) => item.verdict === "unverifiable") ? {} : sumOf(counted),
  };
}

function verdictOf(counted: readonly Evidence[]): Verdict {
  if (counted.some(({ verdict }) => verdict === "failed")) return "failed";
  return counted.length > 0 && counted.every(({ verdict }) => verdict === "passed")
    ? "passed"
    : "unverifiable";
}

const lineOf = ({ verifier, summary }: Evidence): string => `${verifier}: ${summary}`;

/** Shares the room out: what one part does not need is left to those after it. */
function textOf(open: readonly Evidence[], opinions: readonly Evidence[]): string {
  const parts = [...open, ...opinions];
  let text = "";
  for (const [index, item] of parts.entries()) {
    const share = Math.floor((messageCharsMax - text.length) / (parts.length - index)) - partGap.length;
    if (share < partCharsMin) break;
    text += (text === "" ? "" : partGap) + bounded(`${lineOf(item)}\n${item.output ?? ""}`.trim(), share);
  }
  return text;
}

const partGap = "\n\n";
/** Characters below which a part tells nothing. */
const partCharsMin = 80;

function sumOf(counted: readonly Evidence[]): Record<string, number> {
  const sums = new Map<string, number>();
  for (const [name, value] of counted.flatMap(({ metrics }) => Object.entries(metrics ?? {}))) {
    sums.set(name, (sums.get(name) ?? 0) + value);
  }
  return Object.fromEntries(sums);
}
