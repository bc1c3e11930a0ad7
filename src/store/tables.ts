import type { AttemptRow, DirectiveRow, EffectRow, JournalRow, RunRecord, TimerRow } from "../ports/store.ts";

/** A run as the rules of a commit see it. */
export type KnownRun = { record: RunRecord; lastHash: string };

/**
 * What the rules of a commit read and write. Each store keeps it in its own way, sees its own writes at once, and can
 * take back all writes of one commit.
 */
export type Tables = {
  run(id: string): KnownRun | null;
  /** The fencing epoch of the run's last lease; 0 where there was none. */
  epoch(runId: string): number;
  putRun(run: KnownRun & { snapshot: string }): void;
  addRow(row: JournalRow): void;
  setTimer(timer: TimerRow): void;
  clearTimer(runId: string, id: string): void;
  /** Marks a directive as folded; false unless it is an open one of this run. */
  foldDirective(runId: string, seq: DirectiveRow["seq"]): boolean;
  /** Keeps a text for as long as one of the runs lives that put it. */
  ownBlob(runId: string, blob: { digest: string; text: string }): void;

  effect(key: string): EffectRow | null;
  /** The effect, applied or in doubt, that holds a business key. */
  holder(businessKey: string): EffectRow | null;
  halted(loop: string): string | null;
  /** Uses a grant for an effect; false where it is for another effect, voided or unknown. */
  useGrant(id: string, key: string): boolean;
  /** Writes an effect and one of its attempts. */
  putEffect(effect: EffectRow, attempt: AttemptRow): void;
};

/** The loop of a halt for all loops; no contract may have this name. */
export const everyLoop = "*";
