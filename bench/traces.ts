import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { z } from "zod";

const Call = z.object({ tool: z.string(), args: z.string(), result: z.string(), error: z.boolean() });
export type Call = z.infer<typeof Call>;

const Trace = z.object({ id: z.string(), label: z.string(), calls: z.array(Call) });
export type Trace = z.infer<typeof Trace>;

export type DataSet = { name: string; traces: Trace[] };

const parseLine = (line: string): Trace => Trace.parse(JSON.parse(line));

/** Reads every `.jsonl` file of the folder, one recorded run a line. Throws when the folder or a line cannot be read. */
export function readDataSets(folder: string): DataSet[] {
  const files = readdirSync(folder).filter((file) => file.endsWith(".jsonl"));
  return files.sort().map((file) => {
    const lines = readFileSync(join(folder, file), "utf8").split("\n");
    return {
      name: basename(file, ".jsonl"),
      traces: lines.filter((line) => line.trim() !== "").map(parseLine),
    };
  });
}
