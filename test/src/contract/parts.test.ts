import { describe, expect, it } from "vitest";
import { AgentPart, ToolPart, VerifierPart, WorkspacePart } from "../../../src/contract/parts.ts";
import { agent, toolNamed, verifierOf, workspace } from "../../helpers/contract.ts";

const schemas = { AgentPart, ToolPart, VerifierPart, WorkspacePart };
const parts = {
  AgentPart: agent,
  ToolPart: toolNamed("put"),
  VerifierPart: verifierOf("check"),
  WorkspacePart: workspace,
};
const names = Object.keys(schemas) as (keyof typeof schemas)[];

describe.each(names)("%s", (name) => {
  it("gives back the very value, with what else it carries", () => {
    const value = { ...parts[name], more: 1 };
    expect(schemas[name].parse(value)).toBe(value);
  });

  it("finds what a class gives its instances", () => {
    expect(schemas[name].safeParse(Object.create(parts[name])).success).toBe(true);
  });

  it("refuses every other part, and says what was expected", () => {
    for (const other of names.filter((each) => each !== name)) {
      const [issue, ...more] = schemas[name].safeParse(parts[other]).error?.issues ?? [];
      expect(issue).toMatchObject({ path: [], message: expect.stringMatching(/^expected an? /) });
      expect(more).toEqual([]);
    }
  });

  it("names each field that is missing", () => {
    const functions = Object.entries(parts[name]).filter(([, value]) => typeof value === "function");
    const fields = schemas[name]
      .safeParse(Object.fromEntries(functions))
      .error?.issues.map(({ path }) => path[0]);
    expect(fields).toContain(name === "WorkspacePart" ? "kind" : "name");
  });
});
