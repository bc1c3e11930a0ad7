import { messageCharsMax } from "../../base/limits.ts";
import { bounded } from "../../base/text.ts";
import { failureCharsMax, failuresShownMax } from "../limits.ts";
import type { TestCase } from "./report.ts";

export type Explained = { problems: readonly string[]; failed: readonly TestCase[]; output: string };

/**
 * What the agent is told about failed tests, in at most `messageCharsMax` characters: the problems, the first failing
 * tests with their messages and, where a suite did not even start, what the command printed.
 */
export function explain({ problems, failed, output }: Explained): string {
  const shown = failed.slice(0, failuresShownMax).map(describe);
  const more = failed.length - shown.length;
  const text = [...problems, "", ...shown, ...(more > 0 ? [`and ${more} more`] : [])].join("\n").trim();
  const silent = failed.length === 0 || failed.some(({ kind }) => kind === "suite");
  if (!silent || output === "") return bounded(text);
  const head = bounded(text, messageCharsMax / 2);
  return `${head}\n\nOutput:\n${bounded(output, messageCharsMax - head.length - 10)}`;
}

function describe({ name, message }: TestCase): string {
  const lines = bounded(message.trim(), failureCharsMax).split("\n");
  return [`FAILED ${name}`, ...lines.filter((line) => line.trim() !== "").map((line) => `  ${line}`)].join(
    "\n",
  );
}
