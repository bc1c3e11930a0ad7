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

/** Failing tests that are told apart; with more, a rough picture does. */
const failingMax = 200;

/** Characters of a spectrum's files as JSON: with the trials beside it, the agent's memory stays below its 1 MiB. */
const filesCharsMax = 400_000;

// V8 nests its ranges: an inner one says more exactly what an outer one said roughly, so it is painted over it.
function paint(ranges: Ranges, indexOf: ReadonlyMap<number, number>): Uint8Array {
  const covered = new Uint8Array(indexOf.size);
  const outerFirst = [...ranges].sort((a, b) => a[0] - b[0] || b[1] - a[1]);
  for (const [start, end, count] of outerFirst)
    covered.fill(count > 0 ? 1 : 0, indexOf.get(start), indexOf.get(end));
  return covered;
}

const isSame = (a: Segment | undefined, b: Segment): boolean =>
  a !== undefined && a.passing === b.passing && a.failing.join() === b.failing.join();

function segmentsOf(seen: readonly { ranges: Ranges; failingIndex: number }[]): Segment[] {
  const bounds = seen.flatMap(({ ranges }) => ranges.flatMap((range) => range.slice(0, 2)));
  const starts = [...new Set([0, ...bounds])].sort((a, b) => a - b);
  const indexOf = new Map(starts.map((start, index) => [start, index]));
  const segments = starts.map((start): Segment => ({ start, failing: [], passing: 0 }));
  for (const { ranges, failingIndex } of seen) {
    paint(ranges, indexOf).forEach((covered, at) => {
      if (covered === 0) return;
      if (failingIndex >= 0) segments[at]!.failing.push(failingIndex);
      else segments[at]!.passing += 1;
    });
  }
  return segments.filter((segment, at) => !isSame(segments[at - 1], segment));
}

const mostFailing = (segments: readonly Segment[]): number =>
  Math.max(...segments.map(({ failing }) => failing.length));

/** The files that failing tests ran through, those that most of them did first, as many as can be remembered. */
function fitting(files: readonly (readonly [string, Segment[]])[]): Record<string, Segment[]> {
  let chars = 0;
  const kept = files
    .filter(([, segments]) => mostFailing(segments) > 0)
    .sort((a, b) => mostFailing(b[1]) - mostFailing(a[1]))
    .filter((file) => {
      chars += JSON.stringify(file).length;
      return chars <= filesCharsMax;
    });
  return Object.fromEntries(kept);
}

/**
 * Adds up coverage per place. Takes single tests where some of them failed, else whole processes; where no failing
 * one ran through any file it knows nothing.
 */
export function spectrumOf(all: readonly CoverageRecord[]): Spectrum {
  const kind = all.some((record) => record.kind === "test" && record.failed) ? "test" : "process";
  const records = all.filter((record) => record.kind === kind);
  const failing = records.filter((record) => record.failed).slice(0, failingMax);
  const told = records.filter((record) => !record.failed || failing.includes(record));
  const paths = [...new Set(told.flatMap((record) => Object.keys(record.files)))].sort();
  const files = paths.map((path) => {
    const seen = told.filter((record) => record.files[path] !== undefined);
    const ranges = seen.map((record) => ({
      ranges: record.files[path]!,
      failingIndex: failing.indexOf(record),
    }));
    return [path, segmentsOf(ranges)] as const;
  });
  const kept = fitting(files);
  const isBlind = records.length === 0 || (failing.length > 0 && Object.keys(kept).length === 0);
  return { failing: failing.map(({ name }) => name), files: isBlind ? null : kept };
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
