import type { LoopState, Outcome } from "../../actions/state.ts";
import type { LimitName, Raise, Spent } from "../../guards/continue.ts";
import type { EscalationReason } from "../../guards/escalate.ts";
import type { JournalEvent, LoopInput } from "../../machines/events.ts";
import type { LoopMachine } from "../../machines/loop.ts";
import type { LoopContract } from "../contract/contract.ts";
import type { EffectRow, RunFilter, RunRecord, RunStatus, Store } from "../ports/store.ts";
import type { NativeActors } from "./native.ts";

/** How a run stands when nothing moves it any more, for now or for good. */
export type RunEnd = {
  runId: string;
  /** `interrupted`: this process let go of it; it resumes where it was. `lost`: another process has taken it over. */
  status: "succeeded" | "stopped" | "escalated" | "awaitingApproval" | "inDoubt" | "interrupted" | "lost";
  /** Reason of the outcome or of the escalation; the tool that waits for approval. */
  reason: string;
  detail: string | null;
  spent: Spent;
  /** Effects that were applied, with their results. */
  applied: readonly { key: string; tool: string; result: unknown }[];
  /** Key of the effect in doubt, or `null`. */
  doubt: string | null;
};

/** One event of a run as a reader sees it: a journal row, or live output that is not journaled. */
export type RunEvent =
  | {
      kind: "journal";
      runId: string;
      seq: number;
      at: number;
      event: JournalEvent;
      /** State after the event, dotted, and what is left of each limit. */
      state: string;
      remaining: Readonly<Record<LimitName, number>>;
      /** What is being called now, or `null`. */
      call: string | null;
    }
  | { kind: "output"; runId: string; at: number; source: "agent" | "verifier"; text: string };

export type RunHandle = {
  id: string;
  /** The eight questions, answered now. */
  status(): RunStatusReport;
  /** Journal rows with `seq > after` (default 0), then live ones, until the run rests; `after` makes it resumable. */
  events(options?: { after?: number; signal?: AbortSignal }): AsyncIterable<RunEvent>;
  /** Settles when the run ends, parks for a person, or is let go of; a parked run that moves on has another one. */
  readonly outcome: Promise<RunEnd>;
  /** Ends the run as soon as nothing is in flight. */
  abort(options: { reason: string; by?: string }): Promise<RunEnd>;
  /** Lets go of the run: calls are cancelled, a dispatch in flight is waited for; `resume` goes on later. */
  pause(): Promise<RunEnd>;
};

/** The eight questions that a loop can answer at every moment, by name. */
export type RunStatusReport = {
  runId: string;
  loop: string;
  goal: string;
  /** 1. What state it is in. */
  state: {
    name: string;
    since: number;
    status: RunStatus;
    explanation: string;
    escalation: LoopState["escalation"];
    outcome: Outcome | null;
  };
  /** 2. What it may do: the events and calls that the chart allows now. */
  mayDo: { call: string | null; events: string[]; leadsTo: string[] };
  /** 3. What verification it owes before an effect or success. */
  verificationOwed: {
    owed: boolean;
    purpose: "baseline" | "proposal" | "goal" | null;
    verifiers: string[];
    why: string;
  };
  /** 4. What budget remains, limit by limit; `advisory` limits cannot be held exactly. */
  budget: Record<LimitName, { limit: number; spent: number; remaining: number; advisory: boolean }>;
  /** 5. What would force escalation, each with how far it is. */
  wouldEscalate: { reason: EscalationReason; when: string }[];
  /** 6. What is logged. */
  logged: { rows: number; store: string; durable: boolean; lastEvent: string; lastAt: number };
  /** 7. What has been committed to the world, and what is in doubt. */
  committed: { effects: EffectRow[]; inDoubt: string[] };
  /** 8. What cannot happen without approval. */
  needsApproval: { tool: string; why: string }[];
};

export type StartOptions = {
  goal: string;
  /** The user's project; default: the working directory. */
  directory?: string;
  /** The file the contract was loaded from; its module files are part of the contract's digest. */
  contractFile?: string;
  /** Run id; default: a new one. */
  id?: string;
};

export type ResumeOptions = {
  /** The contract as it is now. Not needed while this engine still holds the one the run was started with. */
  contract?: LoopContract;
  contractFile?: string;
  /** Instruction for the agent's next turn. */
  say?: string;
  /** More of a limit, in its unit. */
  raise?: Raise;
  /** Go on although contract or chart differ from those the run was started under. */
  acceptChange?: boolean;
  /** Who says so; journaled as unsigned. Default: the user's name. */
  by?: string;
};

/** What differs between the contract or chart a run was started under and the present one. */
export type ContractChange = { what: "contract" | "chart"; was: string; now: string; differences: string[] };

export type VerifyLogReport = {
  runId: string;
  rows: number;
  /** Rows folded again; earlier ones belong to a machine that a person has replaced since. */
  folded: number;
  ok: boolean;
  problem: { seq: number; message: string } | null;
};

/** What a natively embedded machine needs: `createActor(machine.provide({ actors }), { input })`. */
export type Embedded = { runId: string; machine: LoopMachine; actors: NativeActors; input: LoopInput };

export type Engine = {
  readonly store: Store;
  /**
   * For machines that run in an actor system of yours: the loop machine of a contract, actors that perform its calls, and
   * its input. Intents and outcomes go to this engine's ledger; snapshots and recovery are then your system's business.
   * With the id of a run that was embedded before, its ledger goes on: an attempt on record is answered as unknown.
   */
  embed(contract: LoopContract, options: StartOptions): Promise<Embedded>;
  start(contract: LoopContract, options: StartOptions): Promise<RunHandle>;
  /** Goes on with a run: after a crash, a pause, a limit or an escalation. Refuses a run in doubt or held elsewhere. */
  resume(runId: string, options?: ResumeOptions): Promise<RunHandle>;
  list(filter?: RunFilter): RunRecord[];
  /** Answers the eight questions for any run of the store, from chart and contract. */
  status(runId: string, contract: LoopContract): RunStatusReport;
  /** What a resume under this contract would change. Empty: nothing. */
  changes(runId: string, contract: LoopContract, contractFile?: string): ContractChange[];
  /** Posts an abort to a run that another process may hold; ends it here when nobody does. */
  abort(runId: string, options: { reason: string; by?: string; contract?: LoopContract }): Promise<void>;
  verifyLog(runId: string, contract: LoopContract): VerifyLogReport;
  /** Lets go of all runs and closes the store. */
  close(): Promise<void>;
};
