import type { Property } from "../check/index.ts";
import type { LoopContract } from "../contract/contract.ts";
import type { Expected } from "./cases/index.ts";
import type { Rehearsal } from "./rehearse.ts";
import { linesOf, violationIn } from "./retell.ts";
import type { ToolCall } from "./scripted-tool.ts";

const differs = (what: string, expected: unknown, found: unknown): string[] =>
  expected === undefined || expected === found ? [] : [`${what}: expected ${expected}, found ${found}`];

/** How the run stands, beside how it should. */
function endFindings({ end, tools, refused, tookMs }: Rehearsal, expected: Expected): string[] {
  const counts = (of: "applied" | "calls") =>
    Object.entries(expected[of] ?? {}).flatMap(([name, count]) =>
      differs(`${name}, ${of}`, count, of === "calls" ? tools[name]?.calls.length : tools[name]?.times()),
    );
  return [
    ...differs("status", expected.status, end.status),
    ...differs("reason", expected.reason, end.reason),
    ...differs("detail", expected.detail, end.detail),
    ...counts("applied"),
    ...counts("calls"),
    ...differs("refused words", expected.refused ?? 0, refused.length),
    ...refused.slice(expected.refused ?? 0).map((words) => `refused: ${words}`),
    ...differs("restarts", expected.recoveries, end.spent.recoveries),
    ...((expected.tookMs ?? 0) > tookMs
      ? [`it took ${tookMs} ms, expected at least ${expected.tookMs}`]
      : []),
  ];
}

const attemptOf = ({ key, attempt }: ToolCall): string => `${key}, attempt ${attempt}`;

/** What holds of every run: its journal, one dispatch an attempt, and a ledger that says what truly happened. */
function ledgerFindings({ tools, effects, log }: Rehearsal): string[] {
  const found = log.ok
    ? []
    : [`the journal does not verify: row ${log.problem?.seq}: ${log.problem?.message}`];
  for (const { calls } of Object.values(tools)) {
    const attempts = calls.map(attemptOf);
    const twice = attempts.filter((one, i) => attempts.indexOf(one) !== i);
    found.push(...twice.map((one) => `${one} was dispatched twice`));
  }
  for (const { key, status, tool } of effects) {
    const times = tools[tool]?.times(key) ?? 0;
    if (times > 1) found.push(`${key} is in the world ${times} times`);
    if (status !== "inDoubt" && times > 0 !== (status === "applied"))
      found.push(`the ledger says that ${key} is ${status}, and it is in the world ${times} times`);
  }
  return found;
}

/** A read's attempts have no numbers: the same is asked again. */
const withoutReads = (rehearsal: Rehearsal, { tools }: LoopContract): Rehearsal => ({
  ...rehearsal,
  tools: Object.fromEntries(
    Object.entries(rehearsal.tools).filter(([name]) => tools[name]?.effect !== "read"),
  ),
});

/**
 * What is wrong with a rehearsed run, one line a finding, with the whole run below; nothing where it went as expected, or
 * with no expectation where nothing is broken that holds of every run: its journal, one dispatch an attempt, the ledger.
 * Properties are those of a person's own: Loopwright's are proved of all runs, by the check.
 */
export function findingsOf(
  contract: LoopContract,
  rehearsal: Rehearsal,
  expected: Expected | null,
  properties: readonly Property[] = [],
): readonly string[] {
  const broken = properties.flatMap((property) => {
    const violated = violationIn(property, rehearsal.happened, contract.rules);
    return violated === null ? [] : [`${property.name} is violated: ${violated}`];
  });
  const found = [
    ...(expected === null ? [] : endFindings(rehearsal, expected)),
    ...ledgerFindings(withoutReads(rehearsal, contract)),
    ...broken,
  ];
  if (found.length === 0) return [];
  return [...found, "", "what happened:", ...linesOf(rehearsal.happened).map((line) => `  ${line}`)];
}
