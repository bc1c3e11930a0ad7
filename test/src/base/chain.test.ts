import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chainHash, genesisHash, verifyRow } from "../../../src/base/chain.ts";
import { digestOf } from "../../../src/base/digest.ts";
import type { JournalRow } from "../../../src/ports/store.ts";

function chainOf(events: readonly string[]): JournalRow[] {
  const rows: JournalRow[] = [];
  for (const event of events) {
    const previousHash = rows.at(-1)?.hash ?? genesisHash;
    const entry = {
      runId: "r",
      seq: rows.length + 1,
      at: rows.length,
      event,
      snapshotDigest: "s",
      previousHash,
    };
    rows.push({ ...entry, hash: chainHash(entry) });
  }
  return rows;
}

const problems = (rows: readonly JournalRow[]): string[] =>
  rows.map((row, i) => verifyRow(row, rows[i - 1] ?? null)).filter((problem) => problem !== null);

const events = fc.array(fc.string(), { minLength: 1, maxLength: 8 });

describe("the hash chain of a journal", () => {
  it("is over the hash before and everything else in the row", () => {
    const entry = { runId: "r", seq: 1, at: 2, event: "{}", snapshotDigest: "s", previousHash: genesisHash };
    expect(chainHash(entry)).toBe(digestOf([genesisHash, "r", 1, 2, "{}", "s"]));
    expect(genesisHash).toBe("0".repeat(64));
  });

  it("verifies as it was written", () => {
    fc.assert(fc.property(events, (given) => problems(chainOf(given)).length === 0));
  });

  it("finds any changed field of any row", () => {
    const fields = ["runId", "seq", "at", "event", "snapshotDigest", "previousHash", "hash"] as const;
    const change = fc.tuple(events, fc.nat(), fc.constantFrom(...fields));
    fc.assert(
      fc.property(change, ([given, place, field]) => {
        const rows = chainOf(given);
        const row = rows[place % rows.length]!;
        Object.assign(row, { [field]: typeof row[field] === "number" ? 1_000 : `${row[field]}!` });
        expect(problems(rows)).not.toEqual([]);
      }),
    );
  });

  it("says which row is missing, at the start and in between", () => {
    const rows = chainOf(["a", "b", "c"]);
    expect(problems(rows.slice(1))[0]).toBe("row 1 is missing");
    expect(problems([rows[0]!, rows[2]!])).toEqual(["row 2 is missing"]);
  });

  it("finds a row of another journal put in its place", () => {
    const [ours, theirs] = [chainOf(["a", "b"]), chainOf(["x", "y"])];
    expect(problems([ours[0]!, theirs[1]!])).toEqual(["it does not follow the row before it"]);
  });
});
