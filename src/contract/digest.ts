import { existsSync, readFileSync, realpathSync, statSync } from "node:fs";
import { dirname, relative, resolve, sep } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { canonicalJson, digestBytes } from "../base/digest.ts";
import type { Agent } from "../ports/agent.ts";
import type { Verifier } from "../ports/verifier.ts";
import type { LoopContract } from "./contract.ts";

/** Root of this package, as source or as built: its own files are covered by the chart's digest and the version. */
const packageRoot = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const ownFolders = ["src", "machines", "actions", "guards"].map(
  (folder) => resolve(packageRoot, folder) + sep,
);
const specifier = /\b(?:from|import|require)\s*\(?\s*["'](\.{1,2}\/[^"']+)["']/g;

const isFile = (path: string): boolean => existsSync(path) && statSync(path).isFile();

function pathOf(path: string, base: URL): string[] {
  try {
    return [fileURLToPath(new URL(path, base))];
  } catch {
    // Nothing that could be imported, in a comment perhaps.
    return [];
  }
}

// As Node does it: where the file really lies, and with what a URL may carry.
function importedBy(file: string): string[] {
  const [text, url] = [readFileSync(file, "utf8"), pathToFileURL(file)];
  return [...text.matchAll(specifier)].flatMap(([, path]) => pathOf(path!, url));
}

/** The module files that a contract file is made of: itself and what it imports by relative path, transitively. */
export function moduleFiles(entry: string): string[] {
  const seen = new Set<string>();
  const queue = [resolve(entry)];
  for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
    if (!isFile(path)) continue;
    const file = realpathSync(path);
    if (seen.has(file) || ownFolders.some((folder) => file.startsWith(folder))) continue;
    seen.add(file);
    queue.push(...importedBy(file));
  }
  return [...seen].sort();
}

const functionText = (_key: string, value: unknown): unknown =>
  typeof value === "function" ? value.toString() : value;

const partOf = ({ name, containment, ...part }: Agent | Verifier) => ({
  name,
  containment,
  ...("kind" in part ? { kind: part.kind, timeoutMs: part.timeoutMs } : {}),
});

/** What a contract says, functions as their text. */
const spoken = (contract: LoopContract): unknown =>
  JSON.parse(
    JSON.stringify(
      {
        name: contract.name,
        rules: contract.rules,
        agent: partOf(contract.agent),
        tools: Object.keys(contract.tools).sort(),
        proposal: contract.verifiers.proposal.map(partOf),
        goal: contract.verifiers.goal.map(partOf),
        policy: contract.policy,
      },
      functionText,
    ),
  );

/** What a contract is made of, as canonical JSON: what it says, and its module files where it came from a file. */
export function contractText(contract: LoopContract, contractFile?: string): string {
  const files = contractFile === undefined ? [] : moduleFiles(contractFile);
  const root = contractFile === undefined ? "" : dirname(realpathSync(contractFile));
  return canonicalJson({
    contract: spoken(contract),
    files: Object.fromEntries(files.map((file) => [relative(root, file), digestBytes(readFileSync(file))])),
  });
}
