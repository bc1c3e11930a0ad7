import type { LoopMachine } from "../../machines/loop.ts";
import { type CheckOptions, type CheckReport, checkMachine, searched } from "../../src/check/check.ts";
import { defineLoop, type LoopContract } from "../../src/contract/index.ts";
import type { Tool } from "../../src/ports/tool.ts";
import { answers, toolNamed } from "./contract.ts";

/** A tool that differs from the smallest one in this. */
export const toolOf = (name: string, change: Partial<Tool> = {}): Tool =>
  ({ ...toolNamed(name), ...change }) as unknown as Tool;

const never = () => Promise.reject(new Error("a contract calls nothing"));
export const asked = toolOf("asked", { repeat: "reconcile", settlesWithinMs: 1_000, reconcile: never });
export const read = toolOf("read", { effect: "read" });
export const drop = toolOf("drop", { effect: "destructive", repeat: "never" });

/** A contract with these answers; what is left out is the smallest that there is. */
export const contractOf = (change: object = {}): LoopContract =>
  defineLoop({ ...answers, ...change } as unknown as Parameters<typeof defineLoop>[0]);

const allow = {
  escalate: { policy: [{ answer: "allow" }], approvals: { approvers: ["ann", "bob"], quorum: 2 } },
};

/** Contracts that together take every way that the chart has. */
export const references: Readonly<Record<string, LoopContract>> = {
  safe: contractOf({ ...allow, tools: { put: toolOf("put"), read } }),
  asked: contractOf({
    ...allow,
    tools: { asked },
    continue: { progress: { metric: { name: "missing" } } },
    escalate: { ...allow.escalate, onLimit: "escalate" },
  }),
  never: contractOf({
    workspace: null,
    tools: { drop, keyed: toolOf("keyed", { repeat: "never", dedupe: () => "key", inScope: () => true }) },
    escalate: { ...allow.escalate, approvals: { approvers: ["ann"] } },
  }),
};

type Faults = Parameters<LoopMachine["provide"]>[0];

/** What a check says of the chart of a contract in which these faults were planted. */
export function checkFaulty(contract: LoopContract, faults: Faults, options: CheckOptions = {}): CheckReport {
  const { machine, world } = searched(contract);
  return checkMachine(
    contract,
    { machine: machine.provide(faults) as unknown as LoopMachine, world },
    options,
  );
}

/** The names of the properties that are not proved, with their verdicts. */
export const unproved = ({ properties }: CheckReport): Record<string, string> =>
  Object.fromEntries(
    properties.filter(({ verdict }) => verdict !== "proved").map((one) => [one.name, one.verdict]),
  );
