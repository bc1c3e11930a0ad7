import { digestBytes } from "../base/digest.ts";
import type { LoopContract } from "../contract/contract.ts";
import { contractText } from "../contract/digest.ts";
import type { RunRecord, Store } from "../ports/store.ts";
import { chartOf } from "./machine.ts";
import type { ContractChange } from "./types.ts";

/** Differences that are listed; more are counted. */
const differencesMax = 12;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null;
const short = (value: unknown): string => {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
};

/** Where two JSON values differ, as `path: was → is`. */
function* differences(was: unknown, is: unknown, path: string): Generator<string> {
  if (isObject(was) && isObject(is)) {
    for (const key of [...new Set([...Object.keys(was), ...Object.keys(is)])].sort()) {
      yield* differences(was[key], is[key], path === "" ? key : `${path}.${key}`);
    }
  } else if (JSON.stringify(was) !== JSON.stringify(is)) yield `${path}: ${short(was)} → ${short(is)}`;
}

function changeOf(what: ContractChange["what"], was: string, text: string, store: Store): ContractChange[] {
  const now = digestBytes(text);
  if (was === now) return [];
  const before = store.blob(was);
  const found =
    before === null
      ? ["what it was is not on record"]
      : [...differences(JSON.parse(before), JSON.parse(text), "")];
  const more = found.length - differencesMax;
  return [
    {
      what,
      was,
      now,
      differences: [...found.slice(0, differencesMax), ...(more > 0 ? [`and ${more} more`] : [])],
    },
  ];
}

/** What a resume under this contract would change. The texts of both are kept as blobs under their digests. */
export function changesBetween(
  store: Store,
  record: RunRecord,
  contract: LoopContract,
  contractFile?: string,
): ContractChange[] {
  const file = contractFile ?? record.contractFile ?? undefined;
  return [
    ...changeOf("contract", record.contractDigest, contractText(contract, file), store),
    ...changeOf("chart", record.chartDigest, chartOf(contract.rules).text, store),
  ];
}
