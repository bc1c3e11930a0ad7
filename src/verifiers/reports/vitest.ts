import { z } from "zod";
import { failedSuite, type TestCase } from "./report.ts";

const Assertion = z.object({
  fullName: z.string(),
  status: z.string(),
  failureMessages: z.array(z.string()).nullish(),
});
const Report = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      message: z.string().nullish(),
      assertionResults: z.array(Assertion),
    }),
  ),
});
type File = z.infer<typeof Report>["testResults"][number];

/** Reads the JSON report of vitest (and of jest, whose shape it has). A file that failed without a failing test is a failed suite. */
export function readVitest(text: string): TestCase[] | null {
  const report = Report.safeParse(jsonIn(text));
  return report.success ? report.data.testResults.flatMap(casesOfFile) : null;
}

function casesOfFile(file: File): TestCase[] {
  const cases = file.assertionResults.map(caseOf);
  const explained = file.status !== "failed" || cases.some(({ outcome }) => outcome === "failed");
  return explained ? cases : [...cases, failedSuite([file.name], file.message ?? "")];
}

const caseOf = ({ fullName, status, failureMessages }: z.infer<typeof Assertion>): TestCase => ({
  kind: "test",
  name: fullName,
  outcome: status === "passed" || status === "failed" ? status : "skipped",
  message: failureMessages?.join("\n") ?? "",
});

// On stdout the report may stand between a package manager's lines.
function jsonIn(text: string): unknown {
  const start = text.search(/^\s*\{/m);
  try {
    return JSON.parse(text.slice(start, text.lastIndexOf("}") + 1));
  } catch {
    return null;
  }
}
