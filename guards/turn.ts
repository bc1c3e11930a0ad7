/** What a turn amounts to. `reads`: only reads, nothing claimed. `empty`: nothing proposed, claimed or changed. */
export type TurnKind = "failed" | "oversized" | "stuck" | "empty" | "reads" | "proposal";

export type TurnInput = {
  failed: boolean;
  claim: "done" | "stuck" | null;
  /** How many actions were proposed, and how many of them only read. */
  actions: number;
  reads: number;
  changed: boolean;
  actionsPerTurn: number;
};

/** What does this turn amount to? */
export function turnKind({ failed, claim, actions, reads, changed, actionsPerTurn }: TurnInput): TurnKind {
  if (failed) return "failed";
  if (claim === "stuck") return "stuck";
  if (actions > actionsPerTurn) return "oversized";
  if (claim === "done") return "proposal";
  if (actions === 0) return changed ? "proposal" : "empty";
  return reads === actions ? "reads" : "proposal";
}

/** Does the turn amount to this? */
export const isTurn = (input: TurnInput & { kind: TurnKind }): boolean => turnKind(input) === input.kind;
