import { describe, expect, it } from "vitest";
import {
  directiveOf,
  effectOf,
  grantOf,
  journalOf,
  leaseOf,
  recordOf,
  timerOf,
} from "../../../src/store/rows.ts";
import * as writer from "./writer.ts";

describe("rows of the tables", () => {
  it("give a run's record with the epoch of its lease, 0 without one", () => {
    const record = JSON.stringify(writer.recordOf("run-1", { epoch: 1 }));
    expect(recordOf({ record, epoch: 4 })).toEqual(writer.recordOf("run-1", { epoch: 4 }));
    expect(recordOf({ record, epoch: null }).epoch).toBe(0);
  });

  it("give a journal row, a timer, a directive, a lease", () => {
    const row = {
      run_id: "r",
      seq: 1,
      at: 2,
      event: "{}",
      snapshot_digest: "s",
      previous_hash: "p",
      hash: "h",
    };
    expect(journalOf(row)).toEqual({
      runId: "r",
      seq: 1,
      at: 2,
      event: "{}",
      snapshotDigest: "s",
      previousHash: "p",
      hash: "h",
    });
    expect(timerOf({ run_id: "r", id: "t", due_at: 3, event: "{}" })).toEqual({
      runId: "r",
      id: "t",
      dueAt: 3,
      event: "{}",
    });
    expect(directiveOf({ ...row, folded: 0 })).toEqual({ runId: "r", seq: 1, at: 2, event: "{}" });
    expect(leaseOf({ run_id: "r", owner: "a", epoch: 2, until: 9 })).toEqual({
      owner: "a",
      epoch: 2,
      until: 9,
    });
  });

  it("give a grant", () => {
    const { id, effectKey, approver, token, issuedAt, expiresAt } = writer.grantOf("g", "k");
    const row = {
      id,
      effect_key: effectKey,
      approver,
      token,
      issued_at: issuedAt,
      expires_at: expiresAt,
      used_by: "k",
      voided_at: 5,
    };
    expect(grantOf(row)).toEqual(writer.grantOf("g", "k", { usedBy: "k", voidedAt: 5 }));
  });

  it("give an effect with its attempts in order", () => {
    const { key, loop, step, index, tool, input, actionDigest, tree, businessKey } = writer.intentOf("k", {
      tree: "t",
      businessKey: "b",
    });
    const about = { key, loop, step, tool, input, tree, status: "applied", result: "1" };
    const attempts = '[{"attempt":2},{"attempt":1}]';
    expect(
      effectOf({
        ...about,
        run_id: "r",
        idx: index,
        action_digest: actionDigest,
        business_key: businessKey,
        attempts,
      }),
    ).toEqual({
      ...{ ...about, runId: "r", index, actionDigest, businessKey },
      attempts: [{ attempt: 1 }, { attempt: 2 }],
    });
  });
});
