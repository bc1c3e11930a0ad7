import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { liveReporter, plainReporter } from "../../../src/cli/reporters.ts";
import { acted, verified } from "./events.ts";
import { openStage } from "./stage.ts";
import { journaled, startView } from "./views.ts";

test("tells each event on a plain line, under the step it belongs to", () => {
  const { environment } = openStage();
  const reporter = plainReporter(environment, startView());
  reporter.event(journaled(acted({}, { note: "first try" })), null);
  reporter.event({ kind: "output", runId: "7", at: 1, source: "agent", text: "not told" }, null);
  reporter.event(journaled(verified({ result: "failed", summary: "2 of 3 tests fail" })), []);
  const lines = (environment.out as unknown as { text(): string }).text().trimEnd().split("\n");
  expect(lines).toEqual([
    expect.stringMatching(/^\d\d:\d\d:\d\d {2}step 1 {3}agent: first try/),
    expect.stringMatching(/^\d\d:\d\d:\d\d {2}step 1 {3}checks failed: 2 of 3 tests fail$/),
  ]);
});

test("keeps told lines in the terminal and takes the moving part away at the end", () => {
  const { environment } = openStage();
  const terminal = Object.assign(new PassThrough(), { isTTY: true, columns: 80, rows: 24 });
  const written: string[] = [];
  terminal.on("data", (chunk) => written.push(String(chunk)));
  const reporter = liveReporter(environment, terminal as unknown as NodeJS.WriteStream, startView());
  reporter.event(journaled(acted({}, { note: "first try" })), null);
  reporter.close();
  terminal.read();
  const text = written.join("");
  expect(text).toContain("agent: first try");
  expect(text).toContain("Ctrl-C pauses");
  expect(text.lastIndexOf("Ctrl-C pauses")).toBeLessThan(text.lastIndexOf("\u001b[2K"));
});
