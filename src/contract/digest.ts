import { existsSync, readFileSync } from "node:fs";
import { dirname, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { canonicalJson, digestBytes } from "../base/digest.ts";
import type { LoopContract } from "./contract.ts";

/** Root of this package, as source or as built: its own files are covered by the chart's digest and the version. */
const packageRoot = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const ownFolders = ["src", "machines", "actions", "guards"].map(
  (folder) => resolve(packageRoot, folder) + sep,
);
const specifier = /(?:\bfrom|\bimport)\s*\(?\s*["'](\.{1,2}\/[^"']+)["']/g;

/** The module files that a contract file is made of: itself and what it imports by relative path, transitively. */
export function moduleFiles(entry: string): string[] {
  const seen = new Set<string>();
  const queue = [resolve(entry)];
  for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
    if (seen.has(file) || !existsSync(file) || ownFolders.some((folder) => file!.startsWith(folder)))
      continue;
    seen.add(file);
    const directory = dirname(file);
    for (const [, path] of readFileSync(file, "utf8").matchAll(specifier))
      queue.push(resolve(directory, path!));
  }
  return [...seen].sort();
}

const functionText = (_key: string, value: unknown): unknown =>
  typeof value === "function" ? value.toString() : value;

/** What a contract says, functions as their text. */
const spoken = (contract: LoopContract): unknown =>
  JSON.parse(
    JSON.stringify(
      {
        name: contract.name,
        rules: contract.rules,
        agent: contract.agent.name,
        tools: Object.keys(contract.tools).sort(),
        proposal: contract.verifiers.proposal.map(({ name, kind }) => ({ name, kind })),
        goal: contract.verifiers.goal.map(({ name, kind }) => ({ name, kind })),
        policy: contract.policy,
      },
      functionText,
    ),
  );

/** What a contract is made of, as canonical JSON: what it says, and its module files where it came from a file. */
export function contractText(contract: LoopContract, contractFile?: string): string {
  const root = contractFile === undefined ? "" : dirname(resolve(contractFile));
  const files = contractFile === undefined ? [] : moduleFiles(contractFile);
  return canonicalJson({
    contract: spoken(contract),
    files: Object.fromEntries(files.map((file) => [relative(root, file), digestBytes(readFileSync(file))])),
  });
}
