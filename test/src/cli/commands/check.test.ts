import { join } from "node:path";
import { XMLParser } from "fast-xml-parser";
import { expect, test } from "vitest";
import { contract, openStage } from "../stage.ts";

const broken = (name: string) => join(import.meta.dirname, "../../../fixtures/contracts", `${name}.ts`);

test("reads a contract back and proves it, as text and as JSON", async () => {
  const { run } = openStage();
  const { code, out } = await run("check", contract("counter"));
  expect(code).toBe(0);
  for (const question of ["Continue:", "Verify:", "Retry:", "Escalate:", "Proof:"])
    expect(out).toContain(question);
  const report = JSON.parse((await run("check", contract("counter"), "--json")).out);
  expect(report).toMatchObject({ contract: "counter", answers: { name: "counter" }, cut: null });
  expect(new Set(report.properties.map(({ verdict }: { verdict: string }) => verdict))).toEqual(
    new Set(["proved"]),
  );
});

test("only reads the answers back where no proof is wanted", async () => {
  const { code, out } = await openStage().run("check", contract("asking"), "--no-proof");
  expect(code).toBe(0);
  expect(out).not.toContain("Proof:");
});

test("shows what is violated, and exits with a code of its own", async () => {
  const { code, out } = await openStage().run("check", broken("unasked-mail"));
  expect(code).toBe(8);
  expect(out).toContain("✗ mailIsApproved");
  expect(out).toContain("the agent proposes mail");
});

test("proves nothing where the search was cut off, and exits with a code of its own", async () => {
  const { code, out } = await openStage().run("check", contract("counter"), "--states", "10");
  expect(code).toBe(9);
  expect(out).toContain("statesMax (10)");
  expect(out).not.toContain("✓");
});

test("writes for CI: GitHub annotations and JUnit", async () => {
  const { run } = openStage();
  const github = await run("check", broken("unasked-mail"), "--format", "github");
  expect(github.out).toMatch(
    /^::error file=[^,]*unasked-mail\.ts,title=mailIsApproved is violated::No mail.*%0A/,
  );
  const junit = new XMLParser({ ignoreAttributes: false }).parse(
    (await run("check", broken("unasked-mail"), "--format", "junit")).out,
  );
  expect(junit.testsuite["@_failures"]).toBe("1");
  expect(Number(junit.testsuite["@_tests"])).toBe(junit.testsuite.testcase.length);
});

test("draws what is violated, and writes it as a test", async () => {
  const { run } = openStage();
  const drawn = await run("check", broken("unasked-mail"), "--format", "mermaid");
  expect(drawn.out).toContain("sequenceDiagram");
  expect(drawn.out).toContain("agent->>run: the agent proposes mail");
  const written = await run("check", broken("unasked-mail"), "--format", "vitest");
  expect(written.out).toContain('property: "mailIsApproved"');
});

test("refuses a contract with a wrong field and names it, and bounds that are none", async () => {
  const { run } = openStage();
  const { code, err } = await run("check", contract("wrong-limit"));
  expect(code).toBe(2);
  expect(err).toContain("continue.limits.steps");
  expect((await run("check", contract("counter"), "--states", "few")).code).toBe(2);
  expect((await run("check", contract("counter"), "--format", "pdf")).err).toContain("--format");
});
