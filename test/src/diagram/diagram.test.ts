import { expect, test } from "vitest";
import { createCallMachine } from "../../../machines/call.ts";
import { LoopRules } from "../../../machines/rules.ts";
import { diagram } from "../../../src/diagram/diagram.ts";

const machine = createCallMachine(LoopRules.parse({}));

test("draws the same machine as Mermaid and as JSON", () => {
  const { states } = JSON.parse(diagram(machine, "json")) as { states: { id: string }[] };
  const picture = diagram(machine, "mermaid");
  for (const { id } of states) expect(picture).toContain(` as ${id.replaceAll(".", "_")}`);
});

test("holds nothing in its labels that would end them in Mermaid", () => {
  for (const line of diagram(machine, "mermaid")
    .split("\n")
    .filter((text) => text.includes(" : "))) {
    expect(line.split(" : ")[1]).not.toMatch(/[:;]/);
  }
});
