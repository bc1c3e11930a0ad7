import { existsSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { isLoopwrightError, LoopwrightError, messageOf } from "../base/errors.ts";
import type { LoopContract } from "./contract.ts";
import { isLoopContract } from "./define-loop.ts";

const example = "a contract file ends with: export default defineLoop({ … })";

/** A contract file's loop, and the properties that it exports beside it, unread. */
export type ContractModule = { contract: LoopContract; properties: unknown };

/** Imports a contract file and returns its loop: the default export, or the only exported contract. Throws `LoopwrightError`. */
export const loadContract = async (file: string): Promise<LoopContract> =>
  (await loadContractModule(file)).contract;

/** The same, with what the file exports as `properties`. */
export async function loadContractModule(file: string): Promise<ContractModule> {
  const path = resolve(file);
  if (!existsSync(path) || !statSync(path).isFile()) {
    throw new LoopwrightError({
      code: "contract",
      field: file,
      message: `there is no contract file ${path}`,
      fix: "give the path of a contract, or write one with: loopwright init",
    });
  }
  const module = await importContract(path);
  const found = [module.default, ...Object.values(module)].filter(isLoopContract);
  const distinct = [...new Set(found)];
  if (distinct.length === 1 || isLoopContract(module.default)) {
    return { contract: distinct[0]!, properties: module.properties };
  }
  throw new LoopwrightError({
    code: "contract",
    field: file,
    message:
      distinct.length === 0
        ? `${path} exports no loop`
        : `${path} exports ${distinct.length} loops and no default`,
    fix: example,
  });
}

async function importContract(path: string): Promise<Record<string, unknown>> {
  try {
    return (await import(pathToFileURL(path).href)) as Record<string, unknown>;
  } catch (error) {
    if (isLoopwrightError(error)) throw error;
    throw new LoopwrightError({
      code: "contract",
      field: path,
      message: `the contract file threw while it was loaded: ${messageOf(error)}`,
      fix: "correct the file so that it can be imported; node FILE shows the same error with its line",
      cause: error,
    });
  }
}
