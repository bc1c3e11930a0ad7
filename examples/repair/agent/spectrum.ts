import { z } from "zod";
import type { CoverageRecord } from "./coverage.ts";

/** From `start` to the next segment's start: which failing tests ran through here, and how many passing ones. */
export const Segment = z.strictObject({ start: z.int(), failing: z.array(z.int()), passing: z.int() });
export type Segment = z.infer<typeof Segment>;

/** What the tests executed, by file. `failing` names the failing tests; `null`: nothing is known, all code is equally suspect. */
export const Spectrum = z.strictObject({
  failing: z.array(z.string()),
  files: z.record(z.string(), z.array(Segment)).nullable(),
});
export type Spectrum = z.infer<typeof Spectrum>;

type Ranges = CoverageRecord["files"][string];

// V8 nests its ranges: an inner one says more exactly what an outer one said roughly, so it is painted over it.
function paint(ranges: Ranges, starts: readonly number[]): boolean[] {
  const covered = starts.map(() => false);
  const outerFirst = [...ranges].sort((a, b) => a[0] - b[0] || b[1] - a[1]);
  for (const [start, end, count] of outerFirst) {
    for (let at = starts.indexOf(start); at < starts.length && starts[at]! < end; at += 1)
      covered[at] = count > 0;
  }
  return covered;
}

function segmentsOf(
  path: string,
  records: readonly CoverageRecord[],
  failing: readonly CoverageRecord[],
): Segment[] {
  const seen = records.flatMap((record) =>
    record.files[path] ? [{ record, ranges: record.files[path] }] : [],
  );
  const bounds = seen.flatMap(({ ranges }) => ranges).flatMap(([start, end]) => [start, end]);
  const starts = [...new Set([0, ...bounds])].sort((a, b) => a - b);
  const segments = starts.map((start): Segment => ({ start, failing: [], passing: 0 }));
  for (const { record, ranges } of seen) {
    paint(ranges, starts).forEach((covered, at) => {
      if (!covered) return;
      if (record.failed) segments[at]!.failing.push(failing.indexOf(record));
      else segments[at]!.passing += 1;
    });
  }
  return segments;
}

/**
 * Adds up coverage per place. Takes single tests where some of them failed, else whole processes, else knows nothing.
 */
export function spectrumOf(all: readonly CoverageRecord[]): Spectrum {
  const kind = all.some((record) => record.kind === "test" && record.failed) ? "test" : "process";
  const records = all.filter((record) => record.kind === kind);
  const failing = records.filter((record) => record.failed);
  const paths = new Set(records.flatMap((record) => Object.keys(record.files)));
  const names = failing.map(({ name }) => name);
  if (paths.size === 0) return { failing: names, files: null };
  return {
    failing: names,
    files: Object.fromEntries([...paths].map((path) => [path, segmentsOf(path, records, failing)])),
  };
}

/** What ran through one offset of a file; a file that no test loaded has nothing. */
export function segmentAt(segments: readonly Segment[] | undefined, offset: number): Segment {
  return segments?.findLast(({ start }) => start <= offset) ?? { start: 0, failing: [], passing: 0 };
}

/**
 * Ochiai's coefficient, from 0 to 1: the likeness between "ran through here" and "failed" (Abreu, Zoeteweij and
 * van Gemund, "On the accuracy of spectrum-based fault localization", 2007).
 */
export function ochiai({ failing, passing }: Segment, failingTotal: number): number {
  if (failing.length === 0) return 0;
  return failing.length / Math.sqrt(failingTotal * (failing.length + passing));
}
