import type { RunRecord } from "../../ports/store.ts";
import type { Colors } from "../environment.ts";
import { standing } from "./end.ts";
import { cut, oneLine, padTo, widthOf } from "./text.ts";
import { dayAndTime } from "./units.ts";

type Style = { columns: number; color: Colors; store: string };

/** Where a run stands, in a word or two. */
function standsAt({ state, outcome }: RunRecord): string {
  const ended = outcome as { status: "succeeded" | "stopped"; reason: string } | null;
  if (ended !== null)
    return ended.status === "succeeded" ? "succeeded" : standing({ ...ended, detail: null });
  return state === "effect.awaitingApproval" ? "awaiting approval" : state;
}

/** A table of runs, newest first, cut to the terminal. */
export function listLines(runs: readonly RunRecord[], { columns, color, store }: Style): string[] {
  if (runs.length === 0) return [`no runs in ${store}`];
  const rows = runs.map((run) => [
    run.id,
    oneLine(run.loop, 24),
    standsAt(run),
    dayAndTime(run.updatedAt),
    oneLine(run.goal, 200),
  ]);
  const table = [["RUN", "LOOP", "STANDS AT", "SINCE", "GOAL"], ...rows];
  const widths = [0, 1, 2, 3].map((i) => Math.max(...table.map((row) => widthOf(row[i]!))));
  const lines = table.map((row) =>
    cut(
      row
        .map((cell, i) => padTo(cell, widths[i] ?? 0))
        .join("  ")
        .trimEnd(),
      columns,
    ),
  );
  return [color.dim(lines[0]!), ...lines.slice(1)];
}
