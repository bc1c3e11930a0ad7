import { z } from "zod";
import { casesOf, type IsFile, type ReportNode, type TestCase } from "./report.ts";

const NodeEvent = z.object({
  type: z.enum(["test:pass", "test:fail"]),
  data: z.object({
    name: z.string(),
    nesting: z.int().min(0).max(1_000),
    skip: z.union([z.boolean(), z.string()]).optional(),
    todo: z.union([z.boolean(), z.string()]).optional(),
    details: z.object({ error: z.unknown() }).partial().optional(),
  }),
});
type NodeEvent = z.infer<typeof NodeEvent>;

/**
 * Reads the events of `node:test`, one JSON object a line, as `nodeReporter` prints them. Node reports a test after
 * the tests inside it, so a level that ends belongs to the next test one level up.
 */
export function readNodeJson(text: string, isFile: IsFile): TestCase[] | null {
  const events = text.split("\n").flatMap(eventIn);
  if (events.length === 0 && !text.includes('"type":"test:')) return null;
  const levels: ReportNode[][] = [[]];
  for (const event of events) place(levels, event);
  // What was cut off before its parent was reported still ran.
  return casesOf(levels.flat(), isFile);
}

function place(levels: ReportNode[][], { type, data }: NodeEvent): void {
  const children = levels.splice(data.nesting + 1).flat();
  while (levels.length <= data.nesting) levels.push([]);
  levels[data.nesting]!.push({
    name: data.name,
    ok: type === "test:pass",
    skipped: marked(data.skip) || marked(data.todo),
    message: messageIn(data.details?.error),
    children: children.length === 0 ? null : children,
  });
}

// `{ skip: "reason" }` may carry an empty reason.
const marked = (value: boolean | string | undefined): boolean => value !== undefined && value !== false;

function messageIn(error: unknown): string {
  if (typeof error === "string") return error;
  if (typeof error !== "object" || error === null) return "";
  const { message, cause } = error as { message?: unknown; cause?: unknown };
  return typeof message === "string" ? message : messageIn(cause);
}

function eventIn(line: string): NodeEvent[] {
  try {
    const event = NodeEvent.safeParse(JSON.parse(line));
    return event.success ? [event.data] : [];
  } catch {
    return [];
  }
}
