import type { Agent, AgentContext, TurnReply, TurnRequest } from "../../../src/ports/agent.ts";
import { type Candidate, rank } from "./candidates.ts";
import { measureCoverage } from "./coverage.ts";
import { applyEdits, type Edit, inverseEdits } from "./edit.ts";
import { type Base, type Memory, type Pending, readMemory } from "./memory.ts";
import { mutantsOf } from "./mutants.ts";
import { digestSources, readSources, type Sources, writeSources } from "./sources.ts";
import { type Spectrum, spectrumOf } from "./spectrum.ts";
import { isBetter, judge, lastVerification } from "./verdict.ts";

export type RepairOptions = {
  /** Runs the tests, for localisation only. Default `node --test`. */
  testCommand?: readonly [string, ...string[]];
  /** Globs of the files that may be edited. Default: all `.js`, `.mjs` and `.cjs` files. */
  sources?: readonly string[];
  /** Globs of what is never edited. Default: tests, configuration and built files. */
  exclude?: readonly string[];
  /** Milliseconds until a test run for localisation is given up. Default 60,000. */
  testTimeoutMs?: number;
  /** The environment of the tests. Default: `PATH` and `HOME`. */
  env?: Readonly<Record<string, string>>;
};

const defaultExclude = [
  "**/{test,tests,__tests__,spec}/**",
  "**/*.{test,spec}.*",
  "**/test.*",
  "**/*.config.*",
  "**/{dist,coverage}/**",
];

type Settings = Required<RepairOptions>;

const withDefaults = (options: RepairOptions): Settings => ({
  testCommand: ["node", "--test"],
  sources: ["**/*.{js,mjs,cjs}"],
  exclude: defaultExclude,
  testTimeoutMs: 60_000,
  env: { PATH: process.env["PATH"] ?? "", HOME: process.env["HOME"] ?? "" },
  ...options,
});

/** Trials that are remembered; older ones may then be tried again. Keeps the memory within its 1 MiB. */
const trialsMax = 5_000;

const nothing = { tokens: 0, costMicroUsd: 0 };

type Turn = { request: TurnRequest; context: AgentContext; settings: Settings };

async function localise({ request, context, settings }: Turn): Promise<Spectrum | { trouble: string }> {
  const { records, ended } = await measureCoverage(
    {
      directory: request.directory,
      command: settings.testCommand,
      env: settings.env,
      timeoutMs: settings.testTimeoutMs,
    },
    context,
  );
  if (ended === "aborted") return { trouble: "aborted" };
  if (ended === "notFound")
    return { trouble: `the test command was not found: ${settings.testCommand.join(" ")}` };
  return spectrumOf(records);
}

function undo(sources: Sources, pending: Pending): Sources {
  return Object.fromEntries(
    Object.entries(pending.undo).map(([path, edits]) => [path, applyEdits(sources[path] ?? "", edits)]),
  );
}

/** The sources from which this turn starts. A candidate that was kept without being better is taken back here. */
async function startingPoint({ request }: Turn, memory: Memory | null, sources: Sources): Promise<Sources> {
  const said = lastVerification(request.feedback);
  if (memory?.pending?.digest !== digestSources(sources) || isBetter(memory, said)) return sources;
  const before = undo(sources, memory.pending);
  await writeSources(request.directory, before);
  return { ...sources, ...before };
}

async function newBase(
  turn: Turn,
  memory: Memory | null,
  digest: string,
): Promise<Base | { trouble: string }> {
  const spectrum = await localise(turn);
  if ("trouble" in spectrum) return spectrum;
  const said = memory?.pending?.digest === digest ? lastVerification(turn.request.feedback) : null;
  const number = (memory?.base.number ?? 0) + 1;
  return { number, digest, score: said?.score ?? null, signature: said?.signature ?? null, spectrum };
}

/** The memory with the last candidate's verdict in it, on the base that this turn starts from. */
async function remember(
  turn: Turn,
  memory: Memory | null,
  digest: string,
): Promise<Memory | { trouble: string }> {
  if (memory !== null && memory.base.digest === digest) {
    const trial = judge(memory, lastVerification(turn.request.feedback));
    const trials = trial === null ? memory.trials : [...memory.trials, trial];
    return { ...memory, trials: trials.slice(-trialsMax), pending: null };
  }
  const base = await newBase(turn, memory, digest);
  return "trouble" in base ? base : { base, trials: memory?.trials ?? [], pending: null };
}

function editsByFile({ mutants }: Candidate): Record<string, Edit[]> {
  const edits: Record<string, Edit[]> = {};
  for (const { path, edit } of mutants) edits[path] = [...(edits[path] ?? []), edit];
  return edits;
}

const describe = ({ mutants }: Candidate): string =>
  mutants.map(({ where, what }) => `${where}: ${what}`).join("; and ");

async function propose(
  turn: Turn,
  memory: Memory,
  sources: Sources,
  candidate: Candidate,
): Promise<TurnReply> {
  const edits = Object.entries(editsByFile(candidate));
  const changed = Object.fromEntries(edits.map(([path, some]) => [path, applyEdits(sources[path]!, some)]));
  await writeSources(turn.request.directory, changed);
  const undo = Object.fromEntries(edits.map(([path, some]) => [path, inverseEdits(sources[path]!, some)]));
  const pending = { key: candidate.key, digest: digestSources({ ...sources, ...changed }), undo };
  const note = describe(candidate);
  return {
    actions: [{ tool: "git.commit", input: { message: `Repair ${note}` } }],
    claim: "done",
    note: `${note} (score ${candidate.score.toFixed(2)})`,
    usage: nothing,
    memory: { ...memory, pending },
  };
}

async function takeTurn(turn: Turn): Promise<TurnReply> {
  const { request, settings } = turn;
  const remembered = readMemory(request.memory);
  const found = await readSources(request.directory, {
    include: settings.sources,
    exclude: settings.exclude,
  });
  const sources = await startingPoint(turn, remembered, found);
  const memory = await remember(turn, remembered, digestSources(sources));
  if ("trouble" in memory)
    return { claim: "stuck", note: memory.trouble, usage: nothing, memory: request.memory };
  const { failing, files } = memory.base.spectrum;
  if (files !== null && failing.length === 0) {
    return { claim: "done", note: "no test fails here: there is nothing to repair", usage: nothing, memory };
  }
  const mutants = Object.entries(sources).flatMap(([path, text]) =>
    mutantsOf(path, text, memory.base.spectrum),
  );
  const [best] = rank(mutants, memory);
  if (best !== undefined) return propose(turn, memory, sources, best);
  const note = `all candidates tried (${memory.trials.length}); no edit in reach repairs this`;
  return { claim: "stuck", note, usage: nothing, memory };
}

/**
 * An agent without a model: generate-and-validate program repair. It looks for suspicious code by the coverage of
 * failing and passing tests, edits it by mutation operators, and proposes one candidate patch a turn; the loop's
 * verifiers judge it. Deterministic. Gives up (`stuck`) when no candidate is left.
 */
export const repairAgent = (options: RepairOptions = {}): Agent => ({
  name: "repair",
  containment: "workspace",
  maxPerTurn: nothing,
  act: (request, context) => takeTurn({ request, context, settings: withDefaults(options) }),
});
