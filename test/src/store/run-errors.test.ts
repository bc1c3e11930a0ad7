import { describe, expect, it } from "vitest";
import { noSuchRun, notEnded } from "../../../src/store/run-errors.ts";

describe("an error about a run", () => {
  it.each([noSuchRun, notEnded])("names the run and what to do (%o)", (make) => {
    const { code, field, message, fix } = make("run-7");
    expect({ code, field }).toEqual({ code: "run", field: "run-7" });
    expect(message).toContain("run-7");
    expect(fix).toContain("loopwright ");
  });
});
