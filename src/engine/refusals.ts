import type { LoopState } from "../../actions/state.ts";
import type { RunRecord } from "../ports/store.ts";
import { runError } from "./run-record.ts";
import type { ContractChange, ResumeOptions } from "./types.ts";

/** Why a run may not be resumed as it was asked. */

export type Asked = {
  record: RunRecord;
  memory: LoopState;
  options: ResumeOptions;
  changes: readonly ContractChange[];
};

const isEnded = ({ record }: Asked): boolean => record.status === "ended";
const isParkedForWord = ({ record }: Asked): boolean => record.state === "escalated";

/** A change of contract or chart is there, and a person accepts it. */
export const acceptsChange = ({ changes, options }: Pick<Asked, "changes" | "options">): boolean =>
  changes.length > 0 && options.acceptChange === true;

function refuseDoubt(asked: Asked): void {
  const { doubt } = asked.memory;
  if (doubt === null || !(isEnded(asked) || isParkedForWord(asked))) return;
  throw runError(
    asked.record.id,
    `run ${asked.record.id} has an effect in doubt: ${doubt.key}`,
    "find out whether it happened and settle it first",
  );
}

function refuseChange({ record: { id }, changes, options }: Asked): void {
  if (changes.length === 0 || options.acceptChange === true) return;
  const lines = changes.flatMap(({ differences }) => differences.map((line) => `  ${line}`));
  throw runError(
    id,
    `run ${id} was started under another ${changes.map(({ what }) => what).join(" and ")}:\n${lines.join("\n")}`,
    "put it back, or go on under the new one with: loopwright resume --accept-change",
  );
}

function refuseUnheardWord(asked: Asked): void {
  const { record, options } = asked;
  const says = options.say !== undefined || Object.keys(options.raise ?? {}).length > 0;
  if (!says || isEnded(asked) || isParkedForWord(asked) || acceptsChange(asked)) return;
  throw runError(
    record.id,
    `run ${record.id} is in ${record.state}: it asks for no word of yours, and would not hear it`,
    "resume it without --say and --add-…; a run that stops at a limit or is escalated takes them",
  );
}

function refuseEnded(asked: Asked): void {
  const { record, memory, options } = asked;
  if (!isEnded(asked)) return;
  const { outcome } = memory;
  if (outcome?.reason !== "limit")
    throw runError(
      record.id,
      `run ${record.id} has ended: ${outcome?.reason ?? record.state}`,
      "start a new run",
    );
  const more = (options.raise as Record<string, number> | undefined)?.[outcome.detail ?? ""] ?? 0;
  if (more > 0 || acceptsChange(asked)) return;
  throw runError(
    record.id,
    `run ${record.id} was stopped at its limit of ${outcome.detail}`,
    `raise that limit, for example: loopwright resume ${record.id} --add-steps 10`,
  );
}

/**
 * Refuses what a person may not have: to go past a doubt or a change, to say what nobody would hear, to go on with what
 * has ended for good or at a limit that stays.
 */
export function refuseResume(asked: Asked): void {
  refuseDoubt(asked);
  refuseEnded(asked);
  refuseChange(asked);
  refuseUnheardWord(asked);
}
