import { describe, expect, it } from "vitest";
import report from "../../../../src/verifiers/reports/node-reporter.ts";

async function* events() {
  yield { type: "test:enqueue", data: { name: "a" } };
  yield { type: "test:fail", data: { name: "a", details: { type: "test", error: new Error("why") } } };
  yield { type: "test:pass", data: { name: "b" } };
}

describe("node reporter", () => {
  it("prints one line for each test that ended, with its error's message", async () => {
    const lines: string[] = [];
    for await (const line of report(events())) lines.push(line);
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      { type: "test:fail", data: { name: "a", details: { type: "test", error: { message: "why" } } } },
      { type: "test:pass", data: { name: "b", details: {} } },
    ]);
    expect(lines.every((line) => line.endsWith("}\n"))).toBe(true);
  });
});
