import { join } from "node:path";
import { parseArgs } from "node:util";
import { isLoopwrightError, LoopwrightError, messageOf } from "../src/base/errors.ts";
import { defaultRules, judgeDataSet, type Row } from "./judge.ts";
import { readTraces } from "./traces.ts";

// What the repetition and progress detectors, with the defaults of a contract, do to recorded runs of real agents.

const help = `Usage: npm run bench:detectors -- [--traces DIR] [--json]

Replays recorded agent runs through the repetition and progress detectors with a contract's default rules. A run is
flagged when the loop would stop it and ask a person: at the second hit, after the agent has been told once.

  --traces DIR  folder of *.jsonl files, one run a line (default ../shared/traces)
  --json        print { rules, rows } as JSON
  --help        print this`;

const defaultTraces = join(import.meta.dirname, "..", "..", "shared", "traces");

const columns = {
  "data set": (row: Row) => row.dataSet,
  label: (row: Row) => row.label,
  runs: (row: Row) => row.runs,
  flagged: (row: Row) => row.flagged,
  "that is": ({ caught, falselyStopped }: Row) =>
    caught !== null ? "caught" : falselyStopped !== null ? "falsely stopped" : "",
  "by repetition": (row: Row) => row.byRepetition,
  "by progress": (row: Row) => row.byProgress,
  nudged: (row: Row) => row.nudged,
  "median call": (row: Row) => row.medianCall ?? "",
};

/** Lines of equal columns: texts to the left, numbers to the right. */
function tableOf(rows: readonly Row[]): string {
  const lines = [Object.keys(columns), ...rows.map((row) => Object.values(columns).map((cell) => cell(row)))];
  const widths = Object.keys(columns).map((_, column) =>
    Math.max(...lines.map((line) => String(line[column]).length)),
  );
  const cell = (value: string | number, width: number) =>
    typeof value === "number" ? String(value).padStart(width) : value.padEnd(width);
  return lines
    .map((line) =>
      line
        .map((value, column) => cell(value, widths[column]!))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

function readOptions() {
  try {
    return parseArgs({
      options: {
        traces: { type: "string", default: defaultTraces },
        json: { type: "boolean" },
        help: { type: "boolean" },
      },
    }).values;
  } catch (error) {
    throw new LoopwrightError({ code: "usage", message: messageOf(error), fix: "see --help", cause: error });
  }
}

function main(): void {
  const { traces, json, help: helpWanted } = readOptions();
  if (helpWanted) {
    console.log(help);
    return;
  }
  const rows = readTraces(traces).flatMap(judgeDataSet);
  console.log(json ? JSON.stringify({ rules: defaultRules, rows }, null, 2) : tableOf(rows));
}

try {
  main();
} catch (error) {
  if (!isLoopwrightError(error)) throw error;
  console.error([error.field, error.message].filter(Boolean).join(": "));
  console.error(error.fix);
  process.exitCode = 2;
}
