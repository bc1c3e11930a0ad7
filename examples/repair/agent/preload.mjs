// Loaded by `--import` into every Node process of the test command. Writes one JSON line per test (and one when the
// process exits, for suites that do not run on node:test) with the V8 coverage of that test alone.

import { appendFileSync } from "node:fs";
import { Session } from "node:inspector";
import { join } from "node:path";
import { afterEach, beforeEach } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";

const { REPAIR_COVERAGE_DIRECTORY: directory, REPAIR_PROJECT: project } = process.env;

if (directory && project) {
  const root = `${pathToFileURL(project).href}/`;
  const report = join(directory, `${process.pid}.jsonl`);
  const session = new Session();
  session.connect();
  session.post("Profiler.enable");
  session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: true });

  // Answers synchronously, and sets the counters back to zero.
  const take = () => {
    let scripts = [];
    session.post("Profiler.takePreciseCoverage", (error, answer) => {
      if (!error) scripts = answer.result;
    });
    return scripts.filter(({ url }) => url.startsWith(root) && !url.includes("/node_modules/"));
  };

  const rangesOf = ({ functions }) =>
    functions.flatMap(({ ranges }) =>
      ranges.map(({ startOffset, endOffset, count }) => [startOffset, endOffset, count]),
    );

  const write = (kind, name, failed) => {
    const files = Object.fromEntries(take().map((script) => [fileURLToPath(script.url), rangesOf(script)]));
    appendFileSync(report, `${JSON.stringify({ kind, name, failed, files })}\n`);
  };

  beforeEach(() => {
    take();
  });
  afterEach((test) => write("test", test.fullName ?? test.name, !test.passed));
  process.on("exit", (code) => write("process", process.argv.slice(1).join(" "), code !== 0));
}
