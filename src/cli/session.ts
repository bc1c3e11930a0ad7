import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { LoopwrightError } from "../base/errors.ts";
import type { LoopContract } from "../contract/contract.ts";
import type { Engine } from "../engine/types.ts";
import type { RunRecord, Store } from "../ports/store.ts";
import type { Environment } from "./environment.ts";
import { oneLine } from "./render/text.ts";

/** Runs looked at to find the one that a person means. */
const runsMax = 100_000;
/** Runs listed where a prefix means several. */
const listedMax = 5;

type StoreOption = { store?: string };

/** Works with an engine and closes it in any case. */
export async function withEngine<Result>(
  environment: Environment,
  { store }: StoreOption,
  work: (engine: Engine) => Promise<Result>,
): Promise<Result> {
  const engine = await environment.openEngine(
    store === undefined ? {} : { store: resolve(environment.cwd, store) },
  );
  try {
    return await work(engine);
  } finally {
    await engine.close();
  }
}

/** The same for a command about runs that exist: a store that does not is refused instead of made. */
export function withRuns<Result>(
  environment: Environment,
  options: StoreOption,
  work: (engine: Engine) => Promise<Result>,
): Promise<Result> {
  const { store } = options;
  if (store === undefined || existsSync(resolve(environment.cwd, store)))
    return withEngine(environment, options, work);
  throw new LoopwrightError({
    code: "store",
    field: "--store",
    message: `there is no store ${store}`,
    fix: "give the file that the run was started with, or leave --store out for your own store",
  });
}

const unknown = (word: string, store: Store): LoopwrightError =>
  new LoopwrightError({
    code: "run",
    field: "RUN",
    message:
      word === "last"
        ? `there is no run yet in ${store.location}`
        : `there is no run ${oneLine(word, 80)} in ${store.location}`,
    fix:
      word === "last"
        ? 'start one: loopwright run CONTRACT --goal "…"'
        : "see all runs with: loopwright list",
  });

/** The run that a person means by an id, an unambiguous beginning of one, or `last`. Throws `LoopwrightError`. */
export function findRun({ store }: Engine, word: string): RunRecord {
  const exact = store.run(word);
  if (exact !== null) return exact;
  if (word === "last") {
    const [last] = store.runs({ limit: 1 });
    if (last !== undefined) return last;
    throw unknown(word, store);
  }
  const found = word === "" ? [] : store.runs({ limit: runsMax }).filter(({ id }) => id.startsWith(word));
  const [first] = found;
  if (first === undefined) throw unknown(word, store);
  if (found.length === 1) return first;
  const listed = found
    .slice(0, listedMax)
    .map(({ id }) => id)
    .join(", ");
  throw new LoopwrightError({
    code: "run",
    field: "RUN",
    message: `${found.length} runs begin with ${oneLine(word, 80)}: ${listed}${found.length > listedMax ? ", …" : ""}`,
    fix: "give more of the id",
  });
}

/** The contract of a run: of the file given, else of the file it was started with. Throws `LoopwrightError`. */
export async function contractOf(
  environment: Environment,
  record: RunRecord,
  given?: string,
): Promise<{ contract: LoopContract; contractFile: string }> {
  const file = given === undefined ? record.contractFile : resolve(environment.cwd, given);
  if (file !== null) return { contract: await environment.loadContract(file), contractFile: file };
  throw new LoopwrightError({
    code: "contract",
    field: "CONTRACT",
    message: `run ${record.id} was started by a program, not from a contract file`,
    fix: "give the file of its contract",
  });
}
