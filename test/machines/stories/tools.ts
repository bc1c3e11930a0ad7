import { expect } from "vitest";
import { type Driven, type DriveOptions, drive, type RulesInput } from "../../helpers/driving.ts";

/** One tool of each kind. */
export const tools = {
  read: { effect: "read" },
  write: { effect: "write" },
  safe: { effect: "write", repeat: "safe" },
  asked: { effect: "write", repeat: "reconcile", settlesWithinMs: 60_000, timeoutMs: 60_000 },
  burning: { effect: "write", repeat: "reconcile", burnsKey: true },
  drop: {},
} as const satisfies RulesInput["tools"];

export const approvals = { approvers: ["ann", "bob"], timeoutMs: 1_000_000 };

/** A run under these tools that has just started. */
export const start = (rules: RulesInput = {}, options: Omit<DriveOptions, "rules"> = {}): Driven =>
  drive({ rules: { tools, approvals, ...rules }, ...options });

/** A run whose verified proposal stands before the gate. */
export const atGate = (
  proposed: readonly string[],
  rules: RulesInput = {},
  claim: "done" | null = null,
): Driven => start(rules).acts({ tools: proposed, claim }).verifies();

/** A run with this effect dispatched. */
export const dispatched = (tool: string, rules: RulesInput = {}, claim: "done" | null = null): Driven =>
  atGate([tool], rules, claim).assesses();

/** Is the run here, and, where it is parked or over, for this reason? */
export function expectAt(run: Driven, state: string, reason: string | null = null): void {
  expect([run.state, run.reason]).toEqual([state, reason]);
}
