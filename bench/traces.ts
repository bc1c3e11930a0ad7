import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { z } from "zod";
import { LoopwrightError, messageOf } from "../src/base/errors.ts";

/** One tool call of a recorded run; of arguments and result only equality is known. */
export const TracedCall = z.object({
  tool: z.string(),
  args: z.string(),
  result: z.string(),
  error: z.boolean(),
});
export type TracedCall = z.infer<typeof TracedCall>;

export const TracedRun = z.object({ id: z.string(), label: z.string(), calls: z.array(TracedCall) });
export type TracedRun = z.infer<typeof TracedRun>;

export type DataSet = { name: string; runs: TracedRun[] };

const badTraces = (field: string, message: string, cause?: unknown): LoopwrightError =>
  new LoopwrightError({
    code: "usage",
    field,
    message,
    fix: "give --traces a folder of *.jsonl files, one run a line",
    cause,
  });

function parseRun(line: string, place: string): TracedRun {
  try {
    return TracedRun.parse(JSON.parse(line));
  } catch (error) {
    throw badTraces(place, error instanceof z.ZodError ? z.prettifyError(error) : messageOf(error), error);
  }
}

function readDataSet(file: string): DataSet {
  const runs = readFileSync(file, "utf8")
    .split("\n")
    .flatMap((line, index) => (line.trim() === "" ? [] : [parseRun(line, `${file}:${index + 1}`)]));
  return { name: basename(file, ".jsonl"), runs };
}

function filesIn(directory: string): string[] {
  try {
    return readdirSync(directory)
      .filter((file) => file.endsWith(".jsonl"))
      .sort();
  } catch (error) {
    throw badTraces(directory, `cannot read the traces: ${messageOf(error)}`, error);
  }
}

/** Reads every data set of a folder. Refuses a folder that is missing or without data sets, and a malformed line. */
export function readTraces(directory: string): DataSet[] {
  const files = filesIn(directory);
  if (files.length === 0) throw badTraces(directory, "there are no traces in this folder");
  return files.map((file) => readDataSet(join(directory, file)));
}
