import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { run } from "./helpers/run.ts";
import { tempDirectory } from "./helpers/temp.ts";

// What is published works where nothing else is: packed, installed into an empty project, type-checked and run.

const program = `
import { defineLoop, openEngine, openMemoryStore } from "loopwright";
import { scriptedAgent } from "loopwright/agents";
import { decideRetry } from "loopwright/guards";
import { createLoopMachine } from "loopwright/machines";
import { initialState } from "loopwright/actions";
import { checkLoop, never, runs } from "loopwright/check";
import { gitCommit } from "loopwright/tools";
import { command } from "loopwright/verifiers";

const check = command({ name: "true", command: ["true"] });
const loop = defineLoop({
  name: "empty",
  agent: scriptedAgent({ turns: [{ claim: "stuck" }] }),
  tools: { "git.commit": gitCommit({ branch: "b" }) },
  continue: { limits: { steps: 2 } },
  verify: { proposal: [check], goal: [check] },
  retry: {},
  escalate: {},
});
const engine = await openEngine({ store: openMemoryStore() });
const run = await engine.start(loop, { goal: "nothing" });
const end = await run.outcome;
await engine.close();
const { properties } = checkLoop(loop, { properties: [never({ name: "idle", says: "Nothing runs." }, runs())] });
console.log(properties.filter(({ verdict }) => verdict === "violated").map(({ name }) => name).join());
console.log(end.status, end.reason, typeof decideRetry, typeof createLoopMachine, typeof initialState);
`;

const contractTest = `
import { defineLoop } from "loopwright";
import { contractTests, fakeWorkspace, scriptedAgent, scriptedTool, scriptedVerifier } from "loopwright/testing";

const verifier = scriptedVerifier();
contractTests(
  defineLoop({
    name: "tested",
    agent: scriptedAgent({ turns: [], maxPerTurn: { tokens: 1, costMicroUsd: 1 } }),
    workspace: fakeWorkspace(),
    tools: { scripted: scriptedTool() },
    continue: {},
    verify: { proposal: [verifier], goal: [verifier] },
    retry: {},
    escalate: { policy: [{ answer: "allow" }] },
  }),
);
`;

it("works when packed and installed into an empty project", { timeout: 400_000 }, async () => {
  const project = tempDirectory("package");
  const state = { XDG_STATE_HOME: join(project, "state") };
  const packed = await run("npm", ["pack", "--silent", "--pack-destination", project]);
  expect(packed.stderr).not.toContain("ERR!");
  const tarball = readdirSync(project).find((name) => name.endsWith(".tgz"))!;
  mkdirSync(join(project, "src"));
  writeFileSync(
    join(project, "package.json"),
    JSON.stringify({ name: "empty", private: true, type: "module" }),
  );
  writeFileSync(join(project, "src", "program.ts"), program);
  const install = await run("npm", ["install", "--silent", "--no-audit", "--no-fund", `./${tarball}`], {
    cwd: project,
  });
  expect(install.code, install.stderr).toBe(0);

  const ran = await run(process.execPath, ["src/program.ts"], { cwd: project, env: state });
  expect(ran).toEqual({
    code: 0,
    stdout: "reachable\nescalated agentAsked function function function\n",
    stderr: "",
  });

  const bin = join(project, "node_modules", ".bin", "loopwright");
  const init = await run(bin, ["init", "loop.ts"], { cwd: project, env: state });
  expect(init.code, init.stderr).toBe(0);
  const checked = await run(bin, ["check", "loop.ts"], { cwd: project, env: state });
  expect(checked.code, checked.stderr).toBe(0);

  const compiler = join(process.cwd(), "node_modules", ".bin", "tsc");
  const flags = [
    "--noEmit",
    "--strict",
    "--module",
    "nodenext",
    "--target",
    "es2024",
    "--skipLibCheck",
    "--types",
    "",
  ];
  const typed = await run(compiler, [...flags, "loop.ts"], { cwd: project });
  expect(typed.code, typed.stdout).toBe(0);

  // Whoever tests with it brings vitest along; fast-check is not needed for that.
  const vitest = join(process.cwd(), "node_modules", "vitest");
  symlinkSync(vitest, join(project, "node_modules", "vitest"));
  writeFileSync(join(project, "src", "loop.test.ts"), contractTest);
  const tested = await run(process.execPath, [join(vitest, "vitest.mjs"), "run"], { cwd: project });
  expect(tested.code, tested.stdout + tested.stderr).toBe(0);
  expect(tested.stdout).toMatch(/Tests .* passed/);
});
