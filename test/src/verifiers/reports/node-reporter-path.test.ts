import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { nodeReporter } from "../../../../src/verifiers/reports/node-reporter-path.ts";

describe("nodeReporter", () => {
  it("is a file that node can load", async () => {
    expect(existsSync(nodeReporter)).toBe(true);
    expect(typeof ((await import(nodeReporter)) as { default: unknown }).default).toBe("function");
  });
});
