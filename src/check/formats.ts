import { relative } from "node:path";
import type { CheckedProperty, CheckReport } from "./check.ts";

const escaped = (text: string): string =>
  text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    // biome-ignore lint/suspicious/noControlCharactersInRegex: XML 1.0 allows no others
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, "\ufffd");

/** Detail, trace and cycle of a property that is not proved, as lines. */
export function findingLines({ detail, trace, cycle }: CheckedProperty): string[] {
  const number = (i: number) => `${String(i + 1).padStart(String(trace.length).length)}. `;
  return [
    ...(detail === null ? [] : [detail]),
    ...trace.map(({ says, state }, i) => `${number(i)}${says} → ${state}`),
    ...(cycle.length === 0
      ? []
      : ["and then, for ever:", ...cycle.map(({ says, state }) => `~ ${says} → ${state}`)]),
  ];
}

/** A report as JUnit XML, one test case a property: what test dashboards read. */
export function junitOf({ contract, properties, seconds }: CheckReport): string {
  const cases = properties.map((property) => {
    const name = `  <testcase classname="${escaped(contract)}" name="${escaped(`${property.name}: ${property.says}`)}"`;
    const words = escaped(findingLines(property).join("\n"));
    if (property.verdict === "proved") return `${name}/>`;
    return property.verdict === "violated"
      ? `${name}><failure message="${escaped(property.detail ?? "")}">${words}</failure></testcase>`
      : `${name}><skipped message="${escaped(property.detail ?? "")}"/></testcase>`;
  });
  const count = (verdict: string) => properties.filter((one) => one.verdict === verdict).length;
  const head = `tests="${properties.length}" failures="${count("violated")}" skipped="${count("inconclusive")}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuite name="${escaped(`loopwright check ${contract}`)}" ${head} time="${seconds.toFixed(3)}">`,
    ...cases,
    "</testsuite>",
    "",
  ].join("\n");
}

/** Escapes as of GitHub's workflow commands. */
const data = (text: string): string =>
  text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
const field = (text: string): string => data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");

/** A report as GitHub annotations on the contract's file: an error for what is violated, a warning for what is open. */
export function annotationsOf({ properties, contract }: CheckReport, file: string, cwd: string): string {
  const place = `file=${field(relative(cwd, file))}`;
  const open = properties.filter(({ verdict }) => verdict !== "proved");
  const lines = open.map((property) => {
    const level = property.verdict === "violated" ? "error" : "warning";
    const title = field(`${property.name} is ${property.verdict}`);
    return `::${level} ${place},title=${title}::${data([property.says, ...findingLines(property)].join("\n"))}`;
  });
  const all = `::notice ${place},title=loopwright check::${data(`all ${properties.length} properties of ${contract} are proved`)}`;
  return `${(lines.length > 0 ? lines : [all]).join("\n")}\n`;
}
