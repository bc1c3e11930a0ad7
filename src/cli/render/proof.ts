import { type CheckReport, type FreeAnswers, findingLines, type Verdict } from "../../check/index.ts";
import type { Colors } from "../environment.ts";
import { oneLine, wrap } from "./text.ts";
import { count, plural } from "./units.ts";

const marks: Readonly<Record<Verdict, string>> = { proved: "✓", violated: "✗", inconclusive: "?" };

const bullet = (sentence: string, columns: number): string[] =>
  wrap(oneLine(sentence, 1_000), Math.max(30, columns - 4)).map((line, i) =>
    i === 0 ? `  - ${line}` : `    ${line}`,
  );

const factNames: Readonly<Record<string, string>> = {
  tree: "whether the workspace changed",
  inputValid: "whether the arguments fit",
  inScope: "scope",
  permitted: "permission",
  policy: "the policy's condition",
  grants: "grants",
  appliedBefore: "whether it was applied before",
  duplicateOf: "the business key",
  usedBefore: "whether the tool was used before",
  halted: "a halt",
};

/** Of one class of tools: what may be answered, and what of it mattered. */
function freeAnswers({ names, policy, inScope, permitted, mattered }: FreeAnswers): string {
  const free = [
    `the policy says ${policy.join(" or ")}`,
    ...(inScope.length > 1 ? ["in scope or not"] : []),
    ...(permitted.length > 1 ? ["permitted or not"] : []),
  ];
  const facts = mattered.map((fact) => factNames[fact] ?? fact);
  const told = facts.length === 0 ? "nothing else mattered" : `what else mattered: ${facts.join(", ")}`;
  const who = names.map((name) => (name === "undeclared" ? "a tool that nobody declared" : name)).join(", ");
  return `${who}: ${free.join(", ")}; ${told}`;
}

/** How much of the chart a contract makes no use of. */
function deadLines(dead: number, columns: number): string[] {
  const words = `${plural(dead, "transition")} of the chart cannot be taken under this contract; --json lists them, and why`;
  return dead === 0 ? [] : ["", ...wrap(words, columns)];
}

/** What was not assumed. */
const assumed = ({ tools }: CheckReport): string[] => [
  "every turn of the agent, verdict, error class and outcome; replies that are late, doubled or lost; crashes; people's words; every limit, age and detector may strike at any moment",
  "arguments, amounts and times are not looked at; numbers of the contract are taken as any number, tools that the chart treats alike as one",
  ...tools.map(freeAnswers),
];

/** What was proved of a contract, property by property, with the shortest run against each that is not. */
export function proofLines(
  report: CheckReport,
  { columns, color }: { columns: number; color: Colors },
): string[] {
  const paint = { proved: color.green, violated: color.red, inconclusive: color.yellow };
  const width = Math.max(...report.properties.map(({ name }) => name.length));
  const lines = report.properties.flatMap((property) => {
    const { name, verdict, says } = property;
    const head = `  ${marks[verdict]} ${name.padEnd(width)}  `;
    const [first = "", ...rest] = wrap(oneLine(says, 400), Math.max(30, columns - head.length));
    const indent = " ".repeat(head.length);
    // That the search was cut off is said once, at the end.
    const isSaid = verdict === "proved" || (verdict === "inconclusive" && report.cut !== null);
    const finding = isSaid ? [] : findingLines(property).map((line) => oneLine(line, 400));
    return [
      paint[verdict](head) + first,
      ...rest.map((line) => indent + line),
      ...finding.map((line) => `    ${paint[verdict](line)}`),
    ];
  });
  const { states, transitions, seconds, cut, properties, untaken } = report;
  const proved = properties.filter(({ verdict }) => verdict === "proved").length;
  const extent =
    cut === null
      ? "all that can happen"
      : `the search was cut off at ${cut}, so nothing else can be said; raise it`;
  return [
    color.bold("Proof: what holds on every run?"),
    ...lines,
    "",
    color.bold("Left free: the proof holds whatever these answer"),
    ...assumed(report).flatMap((sentence) => bullet(sentence, columns)),
    ...(cut === null ? deadLines(untaken.length, columns) : []),
    "",
    `${proved} of ${properties.length} properties proved; ${extent}: ${count(states)} states, ${count(transitions)} transitions, ${seconds.toFixed(1)} s`,
  ];
}
