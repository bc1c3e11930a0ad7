import { readFileSync } from "node:fs";

/** The README's blocks: what stands in a fence, and the comment in front of it that says what it must equal or do. */

export type Block = { language: string; text: string; mark: string | null };

const fence = /(?:<!-- (?<mark>[^>]+) -->\n)?```(?<language>\w+)\n(?<text>[\s\S]*?)```/g;

export const readme = (): string => readFileSync("README.md", "utf8");

export const blocksOf = (text: string): Block[] =>
  [...text.matchAll(fence)].map(({ groups }) => ({
    language: groups!.language!,
    text: groups!.text!,
    mark: groups!.mark ?? null,
  }));

/** The rows of the table after this comment. */
export const tableAfter = (text: string, mark: string): string[][] =>
  text
    .slice(text.indexOf(`<!-- ${mark} -->`))
    .split("\n\n")[0]!
    .split("\n")
    .slice(3)
    .map((line) =>
      line
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
