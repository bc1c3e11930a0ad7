import type { ErrorCode } from "../base/errors.ts";
import type { RunEnd } from "../engine/types.ts";

/** Every way in which the command ends, with what it means. Printed by `--help`. */
export const exitCodes = {
  succeeded: { code: 0, meaning: "the goal is proved, or the command did what was asked" },
  internal: { code: 1, meaning: "internal error, or a journal that does not verify" },
  usage: { code: 2, meaning: "wrong usage, bad contract, or a run, store or workspace that cannot be used" },
  limit: { code: 3, meaning: "stopped at a limit; resumable" },
  escalated: { code: 4, meaning: "escalated: parked for a person" },
  approval: { code: 5, meaning: "waiting for an approval" },
  doubt: { code: 6, meaning: "an effect is in doubt; it is settled before anything goes on" },
  refused: { code: 7, meaning: "aborted or denied" },
  violated: { code: 8, meaning: "check: a property of the contract is violated" },
  inconclusive: { code: 9, meaning: "check: a property could be neither proved nor violated" },
  interrupted: { code: 130, meaning: "interrupted; resumable" },
} as const;
export type ExitName = keyof typeof exitCodes;

const byReason: Record<string, ExitName> = {
  limit: "limit",
  aborted: "refused",
  refused: "refused",
  parkTimeout: "escalated",
};

const byStatus: Record<Exclude<RunEnd["status"], "stopped">, ExitName> = {
  succeeded: "succeeded",
  escalated: "escalated",
  awaitingApproval: "approval",
  inDoubt: "doubt",
  interrupted: "interrupted",
  lost: "interrupted",
};

/** Which exit code says how this run stands. */
export function exitOf({ status, reason }: Pick<RunEnd, "status" | "reason">): number {
  const name = status === "stopped" ? (byReason[reason] ?? "internal") : byStatus[status];
  return exitCodes[name].code;
}

/** Which exit code an error for a person ends with: 1 where the fault is ours, else 2. */
export const exitOfError = (code: ErrorCode): number =>
  code === "internal" ? exitCodes.internal.code : exitCodes.usage.code;

/** The table as `--help` shows it. */
export const exitCodeHelp = (): string =>
  Object.values(exitCodes)
    .map(({ code, meaning }) => `  ${String(code).padStart(3)}  ${meaning}`)
    .join("\n");
