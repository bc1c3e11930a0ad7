import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { checkLoop, declaredProperties, findingLines, replay } from "../../../src/check/index.ts";
import { loadContractModule } from "../../../src/contract/index.ts";

// Contracts in which one answer is not what its author thought: the check says which promise it breaks, and how.

const folder = join(import.meta.dirname, "../../fixtures/contracts");
const files = readdirSync(folder).filter((name) => name !== "parts.ts");

async function checked(file: string) {
  const { contract, properties: exported } = await loadContractModule(join(folder, file));
  const properties = declaredProperties(exported, file);
  const report = checkLoop(contract, { properties });
  const [found, ...others] = report.properties.filter(({ verdict }) => verdict !== "proved");
  return { contract, properties, found: found!, others };
}

describe("a contract with a broken answer", () => {
  it.each(files)("is caught, by exactly the promise that it breaks: %s", async (file) => {
    const { contract, properties, found, others } = await checked(file);
    expect(others).toEqual([]);
    expect(found.verdict).toBe("violated");
    await expect(`${found.name}: ${found.says}\n${findingLines(found).join("\n")}\n`).toMatchFileSnapshot(
      `broken/${file.replace(".ts", ".txt")}`,
    );
    if (found.trace.length === 0) return;
    const trace = found.trace.map(({ says }) => says);
    const again = replay(contract, { property: found.name, trace, properties });
    expect(again).toEqual({ followed: trace.length, of: trace.length, violated: found.detail });
  });

  it("there are ten of them", () => expect(files.length).toBe(10));
});
