import { expect, it } from "vitest";
import { runSource } from "../helpers/run.ts";
import { tempDirectory } from "../helpers/temp.ts";

it("runs the chart natively, as an actor and as an invoked child, over one ledger", async () => {
  const { code, stdout, stderr } = await runSource("examples/embed/native.ts", [], {
    env: { XDG_STATE_HOME: tempDirectory("state") },
  });
  expect(stderr).toBe("");
  expect(code).toBe(0);
  expect(stdout).toContain('state    {"effect":"committing"}');
  expect(stdout).toContain("outcome  succeeded");
  expect(stdout).toContain("parent   celebrating");
  expect(stdout.match(/ledger {3}run\/1\/0 applied/g)).toHaveLength(2);
  expect(stdout).toContain("sent     from an actor, from a child");
});
