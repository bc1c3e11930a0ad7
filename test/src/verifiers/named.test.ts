import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { build, lint, typecheck } from "../../../src/verifiers/named.ts";
import { verifierCases } from "../../conformance/verifier.cases.ts";
import { openProject, type Project, verified } from "../../helpers/verifying.ts";

verifierCases("typecheck", {
  verifier: () => typecheck({ command: ["node", "--check", "a.js"], timeoutMs: 60_000 }),
  base: { "a.js": "let a = 1;" },
  passing: { "a.js": "let b = 1;" },
  failing: { "a.js": "let = 1 (;" },
  failingOtherwise: { "a.js": "class {}" },
});

let project: Project;
beforeEach(() => {
  project = openProject();
});
afterEach(() => project.close());

describe("named commands", () => {
  it.each([
    ["typecheck", typecheck],
    ["build", build],
    ["lint", lint],
  ])("%s passes by its exit code alone, under its name", async (name, make) => {
    const tree = project.snapshot();
    const verify = (command: string) => verified({ project, verifier: make({ command }), tree, base: tree });
    expect(await verify("exit 0")).toMatchObject({ verifier: name, verdict: "passed" });
    expect(await verify("exit 1")).toMatchObject({ verifier: name, verdict: "failed" });
  });

  it("takes another name", () => {
    expect(lint({ name: "style", command: "true" }).name).toBe("style");
  });
});
