import { expect, it } from "vitest";
import { attemptOf, effectOf, grantOf, journalOf, timerOf } from "../../../src/store/rows.ts";

it("names every column of a row", () => {
  const filled = (row: object) => Object.values(row).every((value) => value !== undefined);
  const journal = {
    run_id: "r",
    seq: 1,
    at: 2,
    event: "{}",
    snapshot_digest: "s",
    previous_hash: "p",
    hash: "h",
  };
  expect(filled(journalOf(journal))).toBe(true);
  expect(filled(timerOf({ run_id: "r", id: "t", due_at: 3, event: "{}" }))).toBe(true);
  const attempt = attemptOf({ attempt: 1, intent_at: 2, outcome: null, outcome_at: null, source: null });
  expect(filled(attempt)).toBe(true);
  const effect = {
    key: "k",
    run_id: "r",
    loop: "l",
    step: 1,
    idx: 0,
    tool: "t",
    input: "{}",
    action_digest: "d",
    tree: null,
    business_key: null,
    status: "inDoubt",
    result: null,
  };
  expect(effectOf(effect, [attempt])).toMatchObject({ runId: "r", index: 0, attempts: [attempt] });
  const grant = {
    id: "g",
    effect_key: "k",
    approver: "a",
    token: "t",
    issued_at: 1,
    expires_at: 2,
    used_by: null,
    voided_at: null,
  };
  expect(filled(grantOf(grant))).toBe(true);
});
