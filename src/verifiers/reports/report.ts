/** One thing a runner reported. A `suite` is a file or group that failed by itself: a failure, but not a test that ran. */
export type TestCase = {
  kind: "test" | "suite";
  /** Groups and name, joined by ` > `. */
  name: string;
  outcome: "passed" | "failed" | "skipped";
  message: string;
};

/** A node of what runners print as a tree. */
export type ReportNode = {
  name: string;
  ok: boolean;
  /** Skipped, or a todo: it did not run as a test. */
  skipped: boolean;
  message: string;
  /** `null` for a leaf. */
  children: readonly ReportNode[] | null;
};

/** Says whether a name is a file of the checkout: runners report a file without tests as if it were a test. */
export type IsFile = (name: string) => boolean;

/**
 * The tests of a report tree: its leaves. A leaf named as a file is that file, not a test: passed it counts for
 * nothing, failed it is a failed suite. So is a group that failed though nothing inside it did.
 */
export function casesOf(
  nodes: readonly ReportNode[],
  isFile: IsFile,
  parents: readonly string[] = [],
): TestCase[] {
  return nodes.flatMap((node) => {
    const path = [...parents, node.name];
    if (node.children === null) return leaf(node, path, isFile);
    const inside = casesOf(node.children, isFile, path);
    const explained = node.ok || node.skipped || inside.some(({ outcome }) => outcome === "failed");
    return explained ? inside : [...inside, failedSuite(path, node.message)];
  });
}

function leaf(node: ReportNode, path: readonly string[], isFile: IsFile): TestCase[] {
  const outcome = node.skipped ? "skipped" : node.ok ? "passed" : "failed";
  if (!isFile(node.name)) return [{ kind: "test", name: path.join(" > "), outcome, message: node.message }];
  return outcome === "failed" ? [failedSuite(path, node.message)] : [];
}

export const failedSuite = (path: readonly string[], message: string): TestCase => ({
  kind: "suite",
  name: path.join(" > "),
  outcome: "failed",
  message,
});

/** What a report adds up to. `run` counts the tests that passed or failed; skipped ones and todos did not run. */
export type Tally = { run: number; passed: number; failed: number; skipped: number; total: number };

/** Adds up a report; `failed` includes suites that failed by themselves, `run` does not. */
export function tallyOf(cases: readonly TestCase[]): Tally {
  const number = (outcome: TestCase["outcome"], kind?: TestCase["kind"]): number =>
    cases.filter((item) => item.outcome === outcome && (kind === undefined || item.kind === kind)).length;
  const passed = number("passed");
  const failed = number("failed");
  const skipped = number("skipped");
  return {
    run: passed + number("failed", "test"),
    passed,
    failed,
    skipped,
    total: passed + failed + skipped,
  };
}
