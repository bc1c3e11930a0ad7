import { expect, test } from "vitest";
import { template } from "../../../src/cli/template.ts";

test("answers the four questions, each with a word of explanation", () => {
  for (const clause of ["continue", "verify", "retry", "escalate"]) {
    expect(template).toMatch(new RegExp(`// ${clause}: .*\\n(  //.*\\n)*  ${clause}:`, "i"));
  }
});
