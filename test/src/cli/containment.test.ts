import { expect, test } from "vitest";
import { sandboxed, uncontained } from "../../../src/cli/containment.ts";
import { loadContract } from "../../../src/contract/index.ts";
import type { Containment } from "../../../src/ports/process.ts";
import { contract } from "./stage.ts";

const here = { available: true } as const;
const missing = {
  available: false,
  reason: "bwrap is not installed",
  fix: "apt-get install bubblewrap",
} as const;

async function loopWith(agent: Containment, check: Containment) {
  const loop = await loadContract(contract("counter"));
  const verifier = { ...loop.verifiers.goal[0]!, name: "suite", containment: check };
  return {
    ...loop,
    agent: { ...loop.agent, name: "helper", containment: agent },
    verifiers: { proposal: [verifier], goal: [verifier] },
  };
}

test("says aloud who runs without the sandbox where there is none, and how to get one", async () => {
  const loop = await loopWith("auto", "auto");
  expect(uncontained(loop, missing)).toEqual([
    "no sandbox here (bwrap is not installed), so nothing keeps helper, suite from reaching elsewhere; to have one: apt-get install bubblewrap",
  ]);
  expect(sandboxed(loop, missing)).toBeNull();
});

test("says who is shut in where there is one", async () => {
  const loop = await loopWith("sandbox", "auto");
  expect(uncontained(loop, here)).toEqual([]);
  expect(sandboxed(loop, here)).toMatch(/^in the sandbox.*: suite$/);
});

test("says who is never shut in", async () => {
  const [agent, checks] = uncontained(await loopWith("none", "none"), here);
  expect(agent).toContain("agent helper is not contained");
  expect(checks).toMatch(/not contained, .*: suite$/);
  expect(uncontained(await loopWith("workspace", "workspace"), here)).toEqual([
    "agent helper works in its own copy, but no sandbox keeps it from reaching elsewhere",
  ]);
});
