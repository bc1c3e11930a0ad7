/** What runners print when nobody asks for a report, and how to ask each for one. */
const unreported: readonly { printed: RegExp; runner: string; ask: string }[] = [
  { printed: /^ℹ tests \d+$/m, runner: "node --test", ask: "--test-reporter=tap" },
  { printed: /^\s*Test Files\s+.*\d+ (passed|failed)/m, runner: "vitest run", ask: "--reporter=json" },
  { printed: /^\s*\d+ passing\b/m, runner: "mocha", ask: "--reporter tap" },
  {
    printed: /^=+ .*\d+ (passed|failed).* in [\d.]+s.* =+$/m,
    runner: "pytest",
    ask: '--junitxml=report.xml, and say report: "report.xml"',
  },
  {
    printed: /^Tests:\s+.*\d+ total$/m,
    runner: "jest",
    ask: '--reporters=jest-junit, and say report: "junit.xml"',
  },
];

/** Which runner's words for people these are and how it is asked for a report; `null` when they are nobody's. */
export function reportAdvice(printed: string): string | null {
  const found = unreported.find((item) => item.printed.test(printed));
  if (found === undefined) return null;
  const { runner, ask } = found;
  return `this is what ${runner} prints for people, which the code under test could print as well: add ${ask} (through npm: npm test -- ${ask.split(",")[0]})`;
}
