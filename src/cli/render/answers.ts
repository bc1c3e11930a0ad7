import type { Answers } from "../answers.ts";
import type { Colors } from "../environment.ts";
import { oneLine, wrap } from "./text.ts";

type Style = { columns: number; color: Colors };

/** Columns beyond which a sentence gets hard to read. */
const readableColumns = 110;

function bullets(sentences: readonly string[], columns: number): string[] {
  return sentences.flatMap((sentence) =>
    wrap(oneLine(sentence, 1_000), Math.max(20, Math.min(columns, readableColumns) - 4)).map((line, i) =>
      i === 0 ? `  - ${line}` : `    ${line}`,
    ),
  );
}

/** The four answers as a person would want them read back. */
export function answerLines(answers: Answers, { columns, color }: Style): string[] {
  const tools = answers.tools.map(({ name, what, approval }) => `${name}: ${what}; ${approval}`);
  const sections: [string, readonly string[]][] = [
    ["Continue: what stops this loop?", answers.continue],
    ["Verify: what proves that a step worked?", answers.verify],
    ["Retry: what is safe to attempt again?", answers.retry],
    ["Escalate: what forces a hand-off?", answers.escalate],
    ["Tools", tools],
    ["Not covered", answers.notCovered],
  ];
  return [
    `${color.green("valid")}: loop ${color.bold(oneLine(answers.name, 64))}, ${oneLine(answers.about.join(", "), 300)}`,
    ...sections
      .filter(([, lines]) => lines.length > 0)
      .flatMap(([title, lines]) => ["", color.bold(title), ...bullets(lines, columns)]),
  ];
}
