import { existsSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type Replay, replay } from "./replay.ts";
import { type DataSet, readDataSets, type Trace } from "./traces.ts";

/** What the detectors made of the runs of one label. Calls are counted from 1. */
export type Row = {
  dataSet: string;
  label: string;
  /** A run of this label should be flagged, should not be, or either is fine. */
  wanted: "flagged" | "unflagged" | "either";
  runs: number;
  flagged: number;
  byRepetition: number;
  byProgress: number;
  nudged: number;
  medianCall: number | null;
};

const wanted: Record<string, Row["wanted"]> = {
  stuck: "flagged",
  halted: "flagged",
  succeeded: "unflagged",
  resolved: "unflagged",
  correct: "unflagged",
};

function median(values: number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? null;
}

function rowOf(dataSet: string, label: string, replays: Replay[]): Row {
  const count = (is: (replay: Replay) => boolean): number => replays.filter(is).length;
  return {
    dataSet,
    label,
    wanted: wanted[label] ?? "either",
    runs: replays.length,
    flagged: count(({ by }) => by !== null),
    byRepetition: count(({ by }) => by === "repetition"),
    byProgress: count(({ by }) => by === "progress"),
    nudged: count(({ nudgedAt }) => nudgedAt !== null),
    medianCall: median(replays.flatMap(({ flaggedAt }) => flaggedAt ?? [])),
  };
}

/** Replays every run and sums up per label. */
export function measure({ name, traces }: DataSet): Row[] {
  const byLabel = Map.groupBy(traces, ({ label }: Trace) => label);
  return [...byLabel].map(([label, runs]) =>
    rowOf(
      name,
      label,
      runs.map(({ calls }) => replay(calls)),
    ),
  );
}

/** The rows as JSON: `caught` where flagging is wanted, `falselyStopped` where it is not, `flagged` elsewhere. */
export function toJson(rows: Row[]): Record<string, Record<string, object>> {
  const out: Record<string, Record<string, object>> = {};
  const name = { flagged: "caught", unflagged: "falselyStopped", either: "flagged" } as const;
  for (const { dataSet, label, wanted, flagged, ...rest } of rows) {
    out[dataSet] = { ...out[dataSet], [label]: { ...rest, [name[wanted]]: flagged } };
  }
  return out;
}

const columns = [
  "data set",
  "label",
  "wanted",
  "runs",
  "flagged",
  "by repetition",
  "by progress",
  "nudged",
  "at call",
];

function toTable(rows: Row[]): string {
  const cells = rows.map((row) => Object.values(row).map((value) => String(value ?? "–")));
  const lines = [columns, ...cells];
  const widths = columns.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

const help = `Replays recorded agent runs to the repetition and progress detectors under their default rules.

  node bench/detectors.ts [--traces DIR] [--json]

  --traces DIR  folder with .jsonl files, one run a line (default ../shared/traces beside the project)
  --json        print JSON instead of a table
  --help        print this

A run is flagged where the loop would ask a person, that is after a nudge that the recorded agent never heard.
"at call" is the median call, counted from 1, at which that happens.`;

const standardFolder = join(import.meta.dirname, "../../shared/traces");

function main(): number {
  const options = {
    traces: { type: "string", default: standardFolder },
    json: { type: "boolean" },
    help: { type: "boolean" },
  } as const;
  const { values } = parseArgs({ options });
  if (values.help) return print(help);
  if (!existsSync(values.traces))
    throw new Error(`there is no folder ${values.traces}: name one with --traces DIR`);
  const rows = readDataSets(values.traces).flatMap(measure);
  return print(values.json ? JSON.stringify(toJson(rows), null, 2) : toTable(rows));
}

function print(text: string): number {
  console.log(text);
  return 0;
}

/** Usage errors and unreadable traces end with code 2. */
function run(): number {
  try {
    return main();
  } catch (error) {
    console.error(`bench/detectors: ${error instanceof Error ? error.message : String(error)}`);
    return 2;
  }
}

if (import.meta.main) process.exitCode = run();
