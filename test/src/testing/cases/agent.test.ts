import { expect, it } from "vitest";
import { agentCases } from "../../../../src/testing/cases/agent.ts";
import { contractOf, references } from "../../../helpers/checking.ts";
import { playAll } from "./playing.ts";

it.each([
  ["roomy", references.safe!],
  ["measured", references.asked!],
  [
    "narrow",
    contractOf({
      continue: { limits: { steps: 2 }, progress: { patience: 1 } },
      retry: { failuresInARow: 1 },
    }),
  ],
  ["of one step", contractOf({ continue: { limits: { steps: 1 } } })],
])("predicts what becomes of an agent under a contract that is %s", async (name, contract) => {
  const names = await playAll(contract, agentCases(contract.rules));
  expect(names.filter((one) => one.startsWith("the agent fails once"))).toHaveLength(
    name === "of one step" ? 2 : 12,
  );
});
