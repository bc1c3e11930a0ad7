import { expect, it } from "vitest";
import * as verifiers from "../../../src/verifiers/index.ts";

it("exports what contracts and the engine use", () => {
  expect(Object.keys(verifiers).sort()).toEqual([
    "build",
    "combineEvidence",
    "command",
    "diffScope",
    "humanReview",
    "lint",
    "nodeReporter",
    "opinion",
    "protectedDefaults",
    "protectedPaths",
    "runVerifiers",
    "tests",
    "typecheck",
  ]);
});
