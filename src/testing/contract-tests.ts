import { describe, it } from "vitest";
import {
  type CheckedProperty,
  type CheckOptions,
  checkLoop,
  findingLines,
  type Property,
} from "../check/index.ts";
import type { LoopContract } from "../contract/contract.ts";
import type { Json } from "../ports/json.ts";
import { type Case, casesOf } from "./cases/index.ts";
import { findingsOf } from "./findings.ts";
import { rehearse } from "./rehearse.ts";

export type ContractTestOptions = {
  /** Promises of your own, proved beside Loopwright's and looked at in every rehearsed run. */
  properties?: readonly Property[];
  /** Names of properties that need not be proved, as long as they are not violated. */
  inconclusive?: readonly string[];
  /** Arguments to try, by the tool's name. Needed where none can be made from the schema; several different ones reach more. */
  inputs?: Readonly<Record<string, readonly Json[]>>;
  /** Bounds of the search. Default: those of `checkLoop`. */
  check?: Pick<CheckOptions, "statesMax" | "timeMaxMs">;
};

/** Milliseconds of a search, where nothing is said; and what a test takes beside it. */
const searchMs = 120_000;
const overheadMs = 30_000;

const failWith = (lines: readonly string[]): never => {
  throw new Error(lines.join("\n"));
};

/** Fails with the shortest run that violates the property, or with what cut the search. */
function expectProved(property: CheckedProperty, mayBeOpen: boolean): void {
  const { name, says, verdict } = property;
  if (verdict === "proved" || (verdict === "inconclusive" && mayBeOpen)) return;
  failWith([`${name} is ${verdict}: ${says}`, ...findingLines(property)]);
}

/** One test a property. The search is made once, by the first of them. */
function promiseTests(contract: LoopContract, options: ContractTestOptions): void {
  const { properties = [], inconclusive = [], check } = options;
  const search = (bounds: CheckOptions) => checkLoop(contract, { properties, ...bounds }).properties;
  let found: readonly CheckedProperty[] | null = null;
  const timeout = (check?.timeMaxMs ?? searchMs) + overheadMs;
  for (const [i, { name, says }] of search({ statesMax: 1 }).entries()) {
    it(`${name}: ${says}`, { timeout }, () => {
      found ??= search(check ?? {});
      expectProved(found[i]!, inconclusive.includes(name));
    });
  }
}

/** One test a way, on the real engine. */
function pathTest(contract: LoopContract, { name, script, expected }: Case, properties: readonly Property[]) {
  it(name, { timeout: overheadMs }, async () => {
    const findings = findingsOf(contract, await rehearse(contract, script), expected, properties);
    if (findings.length > 0) failWith(findings);
  });
}

/**
 * Registers vitest tests of a contract: one a property that must be proved of it, with the shortest trace as the message
 * where it is not; and one for each way that a run under it can go, on the real engine with scripts in place of agent,
 * verifiers and tools: how every declared tool can be refused, asked about and end, what verifiers and agent can do, each
 * class of error, the limits that are cheap to use up, and a crash in each state that makes a call. After each the journal
 * must verify, the ledger must say what truly happened, and the run must rest for the expected reason. Ways for which
 * tools, policy or limits leave no room are left out. Signed grants are not rehearsed: whatever a script grants counts as
 * genuine. Refuses (`usage`) a tool without arguments to try.
 *
 * @example
 * contractTests(contract, { properties: [never(…)], inputs: { refund: [{ order: "4711", cents: 100 }] } });
 */
export function contractTests(contract: LoopContract, options: ContractTestOptions = {}): void {
  describe(`contract ${contract.name}`, () => {
    describe("promises", () => promiseTests(contract, options));
    for (const [about, cases] of Object.entries(casesOf(contract, options.inputs)))
      describe(about, () => {
        for (const one of cases) pathTest(contract, one, options.properties ?? []);
      });
  });
}
