import { type CheckReport, findingLines, type Verdict } from "../../check/index.ts";
import type { Colors } from "../environment.ts";
import { oneLine, wrap } from "./text.ts";
import { count } from "./units.ts";

const marks: Readonly<Record<Verdict, string>> = { proved: "✓", violated: "✗", inconclusive: "?" };

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
    const finding = verdict === "proved" ? [] : findingLines(property).map((line) => oneLine(line, 400));
    return [
      paint[verdict](head) + first,
      ...rest.map((line) => indent + line),
      ...finding.map((line) => `    ${paint[verdict](line)}`),
    ];
  });
  const { states, transitions, seconds, cut, properties } = report;
  const proved = properties.filter(({ verdict }) => verdict === "proved").length;
  const extent = cut === null ? "all that can happen" : `cut off at ${cut}`;
  return [
    color.bold("Proof: what holds on every run?"),
    ...lines,
    "",
    `${proved} of ${properties.length} properties proved; ${extent}: ${count(states)} states, ${count(transitions)} transitions, ${seconds.toFixed(1)} s`,
  ];
}
