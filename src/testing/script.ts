import type { PolicyAnswer } from "../../guards/policy.ts";
import type { ScriptedTurn } from "../agents/index.ts";
import type { ResumeOptions } from "../engine/types.ts";
import type { ScriptedToolOptions } from "./scripted-tool.ts";
import type { ScriptedVerdict } from "./scripted-verifier.ts";

/** How one tool behaves in a rehearsal, and what is answered about its actions in place of what a person wrote. */
export type ToolScript = Pick<
  ScriptedToolOptions,
  "modes" | "afterwards" | "reconciles" | "reconcilesAfterwards" | "confirms"
> & {
  /** The policy's answer for each of its actions. Default: what the contract's policy answers. */
  policy?: PolicyAnswer;
  /** Whether its actions are in scope, and permitted. Default: what the tool itself says. */
  inScope?: boolean;
  permitted?: boolean;
};

/**
 * A word of a person, said when the run rests and not before. `grant` and `deny` answer the open question; grants are of
 * as many approvers as are needed, or of so many. `settle…` says what became of the effect in doubt. `waitMs`: nobody says
 * anything for so long. `abortIn`: the run is aborted when it hangs in this state.
 */
export type Word =
  | "grant"
  | "deny"
  | "settleApplied"
  | "settleAbsent"
  | "resume"
  | { grantOf: number }
  | { resume: Pick<ResumeOptions, "say" | "raise"> }
  | { waitMs: number }
  | { abortIn: string };

/**
 * Where a process is killed: right after it has committed its way into this state, for the n-th time (default 1) in its
 * life, or with `sent` once the tool has got the call and before its answer is heard.
 */
export type Crash = string | { state: string; nth?: number } | { sent: true };

/** Everything from outside that a rehearsed run meets. What is left out goes well. */
export type Script = {
  /** The agent's turns by step. */
  turns?: readonly ScriptedTurn[];
  /** Every turn beyond these. Default: claims to be done. */
  afterwards?: ScriptedTurn;
  /** What the agent leaves in the workspace, by step; equal texts are equal trees. */
  writes?: readonly string[];
  /** What the verifiers of a proposal and of the goal say, by step. */
  proposal?: readonly ScriptedVerdict[];
  goal?: readonly ScriptedVerdict[];
  /** Every verdict beyond these, of both. Default `passed`. */
  verdicts?: ScriptedVerdict;
  /** By the tool's name. */
  tools?: Readonly<Record<string, ToolScript>>;
  people?: readonly Word[];
  /** One for each life of the process that ends too early; the life after these goes on to the end. */
  crashes?: readonly Crash[];
  /** A halt is in force from the start. */
  halted?: boolean;
  /** Runs of the same contract that come to rest before this one begins, over the same store. */
  before?: readonly Script[];
};

/** A turn that never ends by itself. */
export const endlessTurn: ScriptedTurn = () => new Promise(() => {});
