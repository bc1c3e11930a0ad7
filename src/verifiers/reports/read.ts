import { readJunit } from "./junit.ts";
import { readNodeJson } from "./node-json.ts";
import type { IsFile, TestCase } from "./report.ts";
import { readTap } from "./tap.ts";
import { readVitest } from "./vitest.ts";

/** How a test command says what it ran; `auto` looks at the text. */
export type ReportFormat = "tap" | "junit" | "vitest" | "node-json" | "auto";

const readers = { tap: readTap, junit: readJunit, vitest: readVitest, "node-json": readNodeJson };
const hints: readonly [keyof typeof readers, RegExp][] = [
  ["node-json", /^\s*\{"type":"test:/m],
  ["vitest", /"testResults"\s*:/],
  ["junit", /<testsuites?[\s>]/],
  ["tap", /^\s*(TAP version \d+|1\.\.\d+|(not )?ok \d+)/m],
];

/** Reads a test report; `null` when the text is none of that format. */
export function readReport(text: string, format: ReportFormat, isFile: IsFile): TestCase[] | null {
  const found = format === "auto" ? hints.find(([, pattern]) => pattern.test(text))?.[0] : format;
  return found === undefined ? null : readers[found](text, isFile);
}
