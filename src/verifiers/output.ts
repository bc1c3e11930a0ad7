import { stripVTControlCharacters } from "node:util";
import type { ProcessResult } from "../ports/process.ts";

/** What a command printed, stdout first, without terminal escapes and with the checkout's path written as `.`. */
export function cleanOutput(
  { stdout, stderr }: Pick<ProcessResult, "stdout" | "stderr">,
  path: string,
): string {
  const both = [stdout, stderr].filter((text) => text.trim() !== "").join("\n");
  return withoutPath(stripVTControlCharacters(both), path).trim();
}

/** Writes the checkout's path as `.`, so that equal texts from different checkouts are equal. */
export const withoutPath = (text: string, path: string): string =>
  text.replaceAll(`file://${path}`, ".").replaceAll(path, ".");

const passing: readonly [RegExp, string][] = [
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi, "<id>"],
  [/\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?([.,]\d+)?(Z|[+-]\d\d:?\d\d)?/g, "<time>"],
  [/\b\d{1,2}:\d\d:\d\d([.,]\d+)?/g, "<time>"],
  [/\b(duration_ms|duration|time)\b(["':= ]+)\d+([.,]\d+)?/gi, "$1$2<duration>"],
  [/\b\d+([.,]\d+)?\s?(ns|µs|us|ms|s|sec|secs|seconds?|minutes?)\b/g, "<duration>"],
  [/\b0x[0-9a-f]+\b/gi, "<address>"],
  [/(\/private)?(\/var)?\/tmp\/[^\s:'")]*/g, "<temporary>"],
  [/\(node:\d+\)/g, "(node)"],
];

/**
 * The lines of an output in an order and a wording that do not depend on when and where it was printed: times,
 * durations, addresses, identifiers and temporary paths are blotted out, lines are sorted and each kept once.
 */
export function stableLines(output: string): string[] {
  const text = passing.reduce((blotted, [pattern, name]) => blotted.replace(pattern, name), output);
  return [...new Set(text.split(/\r?\n|\r/).map((line) => line.trim()))].filter((line) => line !== "").sort();
}
