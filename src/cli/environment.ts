import type pc from "picocolors";
import type { ContractModule, LoopContract } from "../contract/index.ts";
import type { Engine } from "../engine/types.ts";
import type { SandboxReport } from "../ports/process.ts";

/** The colors of a terminal; all plain where it has none. */
export type Colors = ReturnType<typeof pc.createColors>;

/** A stream that a command writes to. */
export type Output = {
  /** The terminal itself where it is one that can be drawn on, for the live view; else `null`. */
  stream: NodeJS.WriteStream | null;
  /** Size of the terminal; 80 by 24 where there is none. */
  columns(): number;
  rows(): number;
  write(text: string): void;
};

/** The world as a command sees it: the terminal, the time, the signals, and the engine. Replaced in tests. */
export type Environment = {
  out: Output;
  err: Output;
  color: Colors;
  cwd: string;
  /** How a person starts this command line here: what suggestions of what to type begin with. */
  program: string;
  /** Internal errors show their stack. */
  debug: boolean;
  /** A person can be asked: input and output are a terminal. */
  interactive: boolean;
  now(): number;
  /** Asks a person yes or no; giving up counts as no. */
  confirm(question: string): Promise<boolean>;
  /** Calls back at each Ctrl-C, termination or hang-up until the returned function is called. */
  onInterrupt(callback: () => void): () => void;
  /** Ends the process at once. */
  quit(code: number): void;
  openEngine(options: { store?: string }): Promise<Engine>;
  loadContract(file: string): Promise<LoopContract>;
  /** The contract with the properties that its file exports. */
  loadContractModule(file: string): Promise<ContractModule>;
  /** Whether commands can be shut in on this system. */
  sandbox(): Promise<SandboxReport>;
};
