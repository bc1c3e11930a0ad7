import { expect, test } from "vitest";
import { contract, openStage } from "../stage.ts";

test("reads a contract back as text and as JSON", async () => {
  const { run } = openStage();
  const { code, out } = await run("check", contract("counter"));
  expect(code).toBe(0);
  for (const question of ["Continue:", "Verify:", "Retry:", "Escalate:"]) expect(out).toContain(question);
  expect(JSON.parse((await run("check", contract("counter"), "--json")).out)).toMatchObject({
    name: "counter",
  });
});

test("refuses a contract with a wrong field and names it", async () => {
  const { code, err } = await openStage().run("check", contract("wrong-limit"));
  expect(code).toBe(2);
  expect(err).toContain("continue.limits.steps");
});
