import { describe, expect, it } from "vitest";
import { adviceFor } from "../../../src/contract/advice.ts";
import { Clauses } from "../../../src/contract/clauses.ts";

describe("adviceFor", () => {
  it("says what to write for every clause there is", () => {
    for (const clause of Object.keys(Clauses.shape)) expect(adviceFor([clause])).toContain(`${clause}: `);
  });

  it("names every clause where none was meant", () => {
    const clauses = Object.keys(Clauses.shape).filter((clause) => clause !== "turnTimeoutMs");
    for (const clause of clauses) expect(adviceFor([])).toContain(clause);
    expect(adviceFor(["budget"])).toBe(adviceFor([]));
  });

  it("is closer where it can be, and never empty below", () => {
    expect(adviceFor(["verify", "goal", "0", "kind"])).toContain("final state");
    expect(adviceFor(["continue", "limits", "steps"])).toContain("finite");
    expect(adviceFor(["continue", "progress", "patience"])).toBe(adviceFor(["continue"]));
  });
});
