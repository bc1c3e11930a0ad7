import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { AttemptRow } from "../../../src/ports/store.ts";
import { replaces, statusOf, writeIntent, writeOutcome } from "../../../src/store/ledger-rules.ts";
import { emptyTables, memoryTables } from "../../../src/store/memory-tables.ts";
import { intentOf, outcomeOf } from "./writer.ts";

type Found = Pick<AttemptRow, "outcome" | "source">;
const open: Found = { outcome: null, source: null };
const unknown: Found = { outcome: "unknown", source: "timeout" };
const refused: Found = { outcome: "notApplied", source: "tool" };
const absent: Found = { outcome: "notApplied", source: "reconciliation" };
const applied: Found = { outcome: "applied", source: "tool" };

const anyFound = fc.constantFrom(open, unknown, refused, absent, applied, {
  ...absent,
  source: "person" as const,
});
const attempts = fc.array(anyFound, { maxLength: 6 });

describe("the status of an effect", () => {
  it.each<[string, Found[], string]>([
    ["in doubt while an attempt is open", [open], "inDoubt"],
    ["in doubt after a lost answer", [unknown], "inDoubt"],
    ["not applied after a certain refusal", [refused], "notApplied"],
    ["in doubt when only the second attempt was refused", [unknown, refused], "inDoubt"],
    ["not applied once the whole effect was found absent", [unknown, unknown, absent], "notApplied"],
    ["not applied when what came after that was refused", [unknown, absent, refused], "notApplied"],
    ["in doubt when what came after that is unknown", [unknown, absent, unknown], "inDoubt"],
    ["applied when any attempt is, whatever the others say", [applied, absent, unknown], "applied"],
  ])("is %s", (_title, given, status) => {
    expect(statusOf(given)).toBe(status);
  });

  it("is applied exactly when an attempt is", () => {
    fc.assert(
      fc.property(
        attempts,
        (given) => (statusOf(given) === "applied") === given.some(({ outcome }) => outcome === "applied"),
      ),
    );
  });

  it("is in doubt with every new attempt, unless it is applied", () => {
    fc.assert(fc.property(attempts, (given) => ["inDoubt", "applied"].includes(statusOf([...given, open]))));
  });

  it("is settled for all attempts so far by finding the effect absent", () => {
    const unapplied = attempts.filter((given) => statusOf(given) !== "applied");
    fc.assert(fc.property(unapplied, (given) => statusOf([...given, absent]) === "notApplied"));
  });
});

describe("a new outcome of an attempt", () => {
  const rank = [open, unknown, refused, absent, applied];

  it("replaces what is on record exactly when it knows more", () => {
    for (const [i, known] of rank.entries()) {
      for (const [k, next] of rank.entries()) expect(replaces(known, next)).toBe(k > i);
    }
  });

  it("makes the same record in whatever order answers come", () => {
    const final = (answers: Found[]) =>
      answers.reduce((known, next) => (replaces(known, next) ? next : known), open).outcome;
    fc.assert(
      fc.property(attempts, (answers) => {
        expect(final([...answers].reverse())).toBe(final(answers));
      }),
    );
  });
});

describe("the ledger", () => {
  it("writes an intent, then its outcome", () => {
    const { tables } = memoryTables(emptyTables());
    expect(writeIntent(tables, "run-1", intentOf("k"))).toBeNull();
    writeOutcome(tables, outcomeOf("k", { at: 5 }));
    expect(tables.effect("k")).toMatchObject({
      runId: "run-1",
      status: "applied",
      result: '{"ok":true}',
      attempts: [{ outcomeAt: 5 }],
    });
  });

  it("keeps no result of what was not applied", () => {
    const { tables } = memoryTables(emptyTables());
    writeIntent(tables, "run-1", intentOf("k"));
    writeOutcome(tables, outcomeOf("k", { outcome: "notApplied" }));
    expect(tables.effect("k")).toMatchObject({ status: "notApplied", result: null });
  });
});
