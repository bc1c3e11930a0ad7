import type { LimitName } from "../../../guards/continue.ts";
import { duration } from "../../base/duration.ts";
import { eventWords } from "../../diagram/words.ts";
import type { RunStatusReport } from "../../engine/types.ts";
import type { Colors } from "../environment.ts";
import { limitNames, limitWords } from "../limits.ts";
import { labelled, oneLine, padTo } from "./text.ts";
import { dayAndTime, plural } from "./units.ts";

type Style = { columns: number; color: Colors; now: number };
type Entry = [label: string, text: string];
type Section = { title: string; entries: Entry[] };

const labelColumns = 22;
const list = (items: readonly string[], none: string): string =>
  items.length === 0 ? none : items.map((item) => oneLine(item, 80)).join(", ");

function stateSection({ state }: RunStatusReport, now: number): Section {
  const { name, since, status, explanation, escalation, outcome } = state;
  return {
    title: "What state is it in?",
    entries: [
      ["state", `${oneLine(name, 40)}: ${oneLine(explanation)}`],
      [status, `since ${dayAndTime(since)} (${duration(Math.max(0, now - since))})`],
      ...(escalation === null
        ? []
        : [
            [
              "escalated",
              `${escalation.reason}${escalation.detail === null ? "" : `: ${oneLine(escalation.detail)}`}`,
            ] as Entry,
          ]),
      ...(outcome === null
        ? []
        : [
            [
              "outcome",
              `${outcome.status}, ${outcome.reason}${outcome.detail === null ? "" : `: ${oneLine(outcome.detail)}`}`,
            ] as Entry,
          ]),
    ],
  };
}

const mayDoSection = ({ mayDo }: RunStatusReport): Section => ({
  title: "What may it do?",
  entries: [
    ["call under way", mayDo.call ?? "none"],
    ["may happen", list(mayDo.events.map(eventWords), "nothing: it has ended")],
    ["may lead to", list(mayDo.leadsTo, "nothing: it has ended")],
  ],
});

const owedSection = ({ verificationOwed: { owed, purpose, verifiers, why } }: RunStatusReport): Section => ({
  title: "What verification is owed?",
  entries: [
    [owed ? `${purpose ?? "a"} verdict` : "none", oneLine(why)],
    ...(verifiers.length === 0 ? [] : [["by", list(verifiers, "")] as Entry]),
  ],
});

function budgetEntry(budget: RunStatusReport["budget"], name: LimitName): Entry {
  const { label, show } = limitWords[name];
  const { limit, spent, remaining, advisory } = budget[name];
  return [
    label,
    `${show(remaining)} left of ${show(limit)}, ${show(spent)} spent${advisory ? " (advisory)" : ""}`,
  ];
}

const effectText = ({
  status,
  input,
  attempts,
  result,
}: RunStatusReport["committed"]["effects"][number]): string => {
  const words = { inDoubt: "in doubt", applied: "applied", notApplied: "not applied" }[status];
  return `${words} after ${plural(attempts.length, "attempt")}: ${oneLine(input, 160)}${result === null ? "" : ` → ${oneLine(result, 160)}`}`;
};

const committedSection = ({ committed }: RunStatusReport): Section => ({
  title: "What has been committed?",
  entries:
    committed.effects.length === 0
      ? [["nothing", "no effect was dispatched"]]
      : [
          ...committed.effects.map((effect): Entry => [oneLine(effect.tool, 18), effectText(effect)]),
          ...committed.inDoubt.map((key): Entry => ["in doubt", oneLine(key, 120)]),
        ],
});

function sectionsOf(report: RunStatusReport, now: number): Section[] {
  const { logged, budget, wouldEscalate, needsApproval } = report;
  return [
    stateSection(report, now),
    mayDoSection(report),
    owedSection(report),
    { title: "What budget remains?", entries: limitNames.map((name) => budgetEntry(budget, name)) },
    {
      title: "What would force escalation?",
      entries:
        wouldEscalate.length === 0
          ? [["nothing", "it has ended"]]
          : wouldEscalate.map(({ reason, when }): Entry => [reason, oneLine(when)]),
    },
    {
      title: "What is logged?",
      entries: [
        [plural(logged.rows, "row"), `in ${logged.store}${logged.durable ? "" : ", in memory only"}`],
        [
          "last",
          `${eventWords(logged.lastEvent) || oneLine(logged.lastEvent, 80)}, ${dayAndTime(logged.lastAt)}`,
        ],
      ],
    },
    committedSection(report),
    {
      title: "What cannot happen without approval?",
      entries:
        needsApproval.length === 0
          ? [["nothing", "no declared tool needs a person's word by itself"]]
          : needsApproval.map(({ tool, why }): Entry => [oneLine(tool, 18), oneLine(why)]),
    },
  ];
}

/** The eight questions with their answers. */
export function statusLines(report: RunStatusReport, { columns, color, now }: Style): string[] {
  const sections = sectionsOf(report, now).flatMap(({ title, entries }, i) => [
    "",
    color.bold(`${i + 1}. ${title}`),
    ...entries.flatMap(([label, text]) =>
      labelled(`   ${padTo(label, labelColumns - 4)} `, text, { indent: labelColumns, columns }),
    ),
  ]);
  return [`run ${report.runId} of loop ${report.loop}: ${oneLine(report.goal)}`, ...sections];
}
