import type { LimitName } from "../../../guards/continue.ts";
import type { LoopRules } from "../../../machines/rules.ts";
import type { RunEnd } from "../../engine/types.ts";
import type { Script } from "../script.ts";
import type { Need } from "./room.ts";

/** How a rehearsed run must stand in the end. What is left out is not looked at. */
export type Expected = {
  status: RunEnd["status"];
  reason: string;
  /** Which limit. */
  detail?: string;
  /** How often effects are in the world, by the tool's name. */
  applied?: Readonly<Record<string, number>>;
  /** How often a tool was called, by its name. */
  calls?: Readonly<Record<string, number>>;
  /** Words that the engine refused. */
  refused?: number;
  /** Restarts that were counted. */
  recoveries?: number;
  /** Milliseconds that the run took at least. */
  tookMs?: number;
};

/** One way that a run under a contract can go: its name, what happens from outside, and how it must stand in the end. */
export type Case = {
  name: string;
  script: Script;
  expected: Expected;
  /** What the way takes of the contract's limits; one for which there is no room cannot be gone. Default: one step. */
  need?: Need;
};

/** The claim that ends a run whose goal is verified. */
export const done = { claim: "done" } as const;

/** How a run stands that reached its goal. */
export const succeeded = { status: "succeeded", reason: "goal" } as const;

/** How a run stands that was handed off for this reason. */
export const escalated = (reason: string) => ({ status: "escalated", reason }) as const;

/** How a run stands that used up this limit. */
export const limited = ({ escalate }: LoopRules, detail: LimitName) =>
  ({ status: escalate.onLimit === "stop" ? "stopped" : "escalated", reason: "limit", detail }) as const;
