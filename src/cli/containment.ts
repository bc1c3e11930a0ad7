import type { LoopContract } from "../contract/contract.ts";
import type { Containment, SandboxReport } from "../ports/process.ts";

type Contained = { name: string; containment: Containment };

const checksOf = ({ verifiers }: LoopContract): Contained[] => [
  ...new Map(
    [...verifiers.proposal, ...verifiers.goal].map((verifier) => [verifier.name, verifier] as const),
  ).values(),
];

const namesOf = (parts: readonly Contained[]): string => parts.map(({ name }) => name).join(", ");

/** Which parts of a loop ask for the sandbox where there is one. */
const wantsSandbox = ({ containment }: Contained): boolean => containment === "auto";

/** What the sandbox of this system keeps in, as a sentence; `null` when there is none or nobody asks for it. */
export function sandboxed(contract: LoopContract, sandbox: SandboxReport): string | null {
  const parts = [contract.agent, ...checksOf(contract)].filter(wantsSandbox);
  return sandbox.available && parts.length > 0
    ? `in the sandbox, without network and with nothing but their own tree to write: ${namesOf(parts)}`
    : null;
}

/** Who can reach beyond the gate here, as sentences. */
export function uncontained(contract: LoopContract, sandbox: SandboxReport): string[] {
  const { agent } = contract;
  const checks = checksOf(contract);
  const unprotected = sandbox.available ? [] : [agent, ...checks].filter(wantsSandbox);
  const open = checks.filter(({ containment }) => containment === "none");
  return [
    ...(agent.containment === "none"
      ? [
          `agent ${agent.name} is not contained: what it does with a shell or network of its own does not pass the gate`,
        ]
      : []),
    ...(agent.containment === "workspace"
      ? [`agent ${agent.name} works in its own copy, but no sandbox keeps it from reaching elsewhere`]
      : []),
    ...(unprotected.length > 0 && !sandbox.available
      ? [
          `no sandbox here (${sandbox.reason}), so nothing keeps ${namesOf(unprotected)} from reaching elsewhere; to have one: ${sandbox.fix}`,
        ]
      : []),
    ...(open.length > 0
      ? [
          `not contained, so code that the agent wrote could reach elsewhere while it is checked: ${namesOf(open)}`,
        ]
      : []),
  ];
}
