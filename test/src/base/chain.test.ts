import { expect, it } from "vitest";
import { chainHash, genesisHash, verifyRow } from "../../../src/base/chain.ts";

const rowOf = (seq: number, previousHash: string, event = "{}") => {
  const entry = { runId: "r", seq, at: seq, event, snapshotDigest: "s", previousHash };
  return { ...entry, hash: chainHash(entry) };
};
const first = rowOf(1, genesisHash);
const second = rowOf(2, first.hash);

it("accepts rows that follow each other", () => {
  expect(verifyRow(first, null)).toBeNull();
  expect(verifyRow(second, first)).toBeNull();
});

it.each([
  ["event", { event: '{"a":1}' }],
  ["at", { at: 99 }],
  ["snapshotDigest", { snapshotDigest: "t" }],
  ["runId", { runId: "q" }],
])("finds a changed %s", (_field, change) => {
  expect(verifyRow({ ...second, ...change }, first)).toContain("does not match");
});

it("finds a missing row and a row over another past", () => {
  expect(verifyRow(second, null)).toContain("missing");
  expect(verifyRow(rowOf(2, genesisHash), first)).toContain("does not follow");
});
