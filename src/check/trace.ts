/** Whose doing an event is. */
export type Cause = "agent" | "verifiers" | "runtime" | "tool" | "person" | "clock";

/** One event of a run that a search found: whose doing it is, what happens, and the state that it leads to. */
export type TraceStep = { by: Cause; says: string; state: string };

const repliers: Readonly<Record<string, Cause>> = {
  act: "agent",
  verify: "verifiers",
  assess: "runtime",
  observe: "tool",
  execute: "tool",
  reconcile: "tool",
  confirm: "tool",
};

/** Whose doing is it? */
export function causeOf({ type }: { type: string }): Cause {
  const replier = /^xstate\.done\.actor\.(.+)$/.exec(type)?.[1];
  if (replier !== undefined) return repliers[replier] ?? "runtime";
  if (type.startsWith("xstate.after.")) return "clock";
  if (type === "effect.lateOutcome") return "tool";
  return /^(directive|approval|run)\./.test(type) ? "person" : "runtime";
}

/** Mermaid reads a semicolon as the end of a line, and a hash as the start of a character's code. */
const quoted = (text: string): string =>
  text.replace(/[#;]/g, (sign) => (sign === "#" ? "#35;" : "#59;")).replaceAll("\n", " ");

/** A trace as a Mermaid sequence diagram; `cycle` is drawn as a loop that never ends. */
export function mermaidOf(trace: readonly TraceStep[], cycle: readonly TraceStep[] = []): string {
  const causes = [...new Set([...trace, ...cycle].map(({ by }) => by))];
  const line = ({ by, says, state }: TraceStep) => [
    `  ${by}->>run: ${quoted(says)}`,
    `  Note right of run: ${quoted(state)}`,
  ];
  const round =
    cycle.length === 0 ? [] : ["  loop for ever", ...cycle.flatMap(line).map((one) => `  ${one}`), "  end"];
  return [
    "sequenceDiagram",
    ...causes.map((cause) => `  participant ${cause}`),
    "  participant run",
    ...trace.flatMap(line),
    ...round,
    "",
  ].join("\n");
}
