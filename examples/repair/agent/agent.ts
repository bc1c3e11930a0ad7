import type { Agent, AgentContext, Containment, TurnReply, TurnRequest } from "loopwright";
import { AgentFailure, asAgentFailure } from "loopwright/agents";
import { type Candidate, nextCandidate } from "./candidates.ts";
import { measureCoverage } from "./coverage.ts";
import { applyEdits, difference, type Edit, moved } from "./edit.ts";
import { type Accepted, type Base, type Memory, type Pending, readMemory } from "./memory.ts";
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
  /** How far the tests reach while they localise. Default `auto`: shut in where the system has bubblewrap. */
  containment?: Containment;
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
  env: { PATH: process.env.PATH ?? "", HOME: process.env.HOME ?? "" },
  containment: "auto",
  ...options,
});

/** Trials that are remembered; older ones may then be tried again. Keeps the memory within its 1 MiB. */
const trialsMax = 4_000;

const nothing = { tokens: 0, costMicroUsd: 0 };

type Turn = { request: TurnRequest; context: AgentContext; settings: Settings };

const cancelled = (): AgentFailure =>
  new AgentFailure({ errorClass: "cancelled", message: "the turn was cancelled", usage: nothing });

const notFound = (command: readonly string[]): AgentFailure =>
  new AgentFailure({
    errorClass: "notFound",
    message: `the test command was not found: ${command.join(" ")}`,
    usage: nothing,
  });

async function localise({ request, context, settings }: Turn): Promise<Spectrum> {
  const { testCommand: command, env, testTimeoutMs: timeoutMs, containment } = settings;
  const { directory } = request;
  const { records, ended } = await measureCoverage(
    { directory, command, env, timeoutMs, containment },
    context,
  );
  if (ended === "aborted") throw cancelled();
  if (ended === "notFound") throw notFound(command);
  return spectrumOf(records);
}

/** The sources from which this turn starts. A candidate that was kept without being better is taken back here. */
async function startingPoint({ request }: Turn, memory: Memory | null, sources: Sources): Promise<Sources> {
  const said = lastVerification(request.feedback);
  if (!isKept(memory, sources) || isBetter(memory, said)) return sources;
  const { path, undo } = memory.pending;
  const before = { [path]: applyEdits(sources[path]!, [undo]) };
  await writeSources(request.directory, before);
  return { ...sources, ...before };
}

const isKept = (memory: Memory | null, sources: Sources): memory is Memory & { pending: Pending } =>
  memory?.pending != null && memory.pending.digest === digestSources(sources);

async function newBase(turn: Turn, memory: Memory | null, sources: Sources): Promise<Base> {
  const spectrum = await localise(turn);
  const said = isKept(memory, sources) ? lastVerification(turn.request.feedback) : null;
  const number = (memory?.base.number ?? 0) + 1;
  return {
    number,
    digest: digestSources(sources),
    score: said?.score ?? null,
    signature: said?.signature ?? null,
    spectrum,
  };
}

// The accepted patches, where they are now; those that this one changed again are no longer of interest.
function acceptedWith({ accepted, pending }: Memory & { pending: Pending }, sources: Sources): Accepted[] {
  const { path, place, what, undo, origins } = pending;
  const before = applyEdits(sources[path]!, [undo]);
  const made = difference(before, sources[path]!);
  const others = accepted.flatMap((one) => {
    const edit = one.path === path ? moved(one.origin, made) : one.origin;
    return edit === null ? [] : [{ ...one, origin: edit }];
  });
  return [
    ...others,
    ...origins.map((origin) => ({ path, place, what, origin, alone: origins.length === 1 })),
  ];
}

/** The memory with the last candidate's verdict in it, on the base that this turn starts from. */
async function remember(turn: Turn, memory: Memory | null, sources: Sources): Promise<Memory> {
  if (memory !== null && memory.base.digest === digestSources(sources)) {
    const trial = judge(memory, lastVerification(turn.request.feedback));
    const trials = trial === null ? memory.trials : [...memory.trials, trial];
    return { ...memory, trials: trials.slice(-trialsMax), pending: null };
  }
  const base = await newBase(turn, memory, sources);
  const accepted = isKept(memory, sources) ? acceptedWith(memory, sources) : [];
  return { base, accepted, trials: memory?.trials ?? [], pending: null };
}

const describe = ({ mutants, kind }: Pick<Candidate, "kind" | "mutants">): string =>
  `${kind === "stepBack" ? "step back; " : ""}${mutants.map(({ where, what }) => `${where}: ${what}`).join("; and ")}`;

function pendingOf({ key, kind, mutants, origin }: Candidate, sources: Sources): Pending & { text: string } {
  const { path, place } = mutants[0];
  const edits = mutants.map(({ edit }) => edit);
  const text = applyEdits(origin, edits);
  const without = (left: Edit): string =>
    applyEdits(
      origin,
      edits.filter((edit) => edit !== left),
    );
  return {
    key,
    kind,
    digest: digestSources({ ...sources, [path]: text }),
    path,
    place,
    what: describe({ kind, mutants }),
    undo: difference(text, sources[path]!),
    origins: edits.map((edit) => difference(text, without(edit))),
    text,
  };
}

/** The commit tells of the whole repair, since a green suite is what all accepted patches did together. */
function messageOf({ accepted }: Memory, what: string): string {
  const parts = [...new Set([...accepted.map((one) => one.what), what])];
  return `Repair what failing tests point at\n\n${parts.map((part) => `- ${part}`).join("\n")}\n`;
}

async function propose(
  turn: Turn,
  memory: Memory,
  best: { candidate: Candidate; sources: Sources },
): Promise<TurnReply> {
  const { text, ...pending } = pendingOf(best.candidate, best.sources);
  await writeSources(turn.request.directory, { [pending.path]: text });
  return {
    actions: [{ tool: "git.commit", input: { message: messageOf(memory, pending.what) } }],
    claim: "done",
    note: `${pending.what} (score ${best.candidate.score.toFixed(2)})`,
    usage: nothing,
    memory: { ...memory, pending },
  };
}

async function takeTurn(turn: Turn): Promise<TurnReply> {
  const { request, context, settings } = turn;
  if (context.signal.aborted) throw cancelled();
  const remembered = readMemory(request.memory);
  const found = await readSources(request.directory, {
    include: settings.sources,
    exclude: settings.exclude,
  });
  const sources = await startingPoint(turn, remembered, found);
  const memory = await remember(turn, remembered, sources);
  const { failing, files } = memory.base.spectrum;
  if (files !== null && failing.length === 0) {
    return { claim: "done", note: "no test fails here: there is nothing to repair", usage: nothing, memory };
  }
  const candidate = nextCandidate(memory, sources);
  if (candidate !== undefined) return propose(turn, memory, { candidate, sources });
  const note = `all candidates tried (${memory.trials.length}); no edit in reach repairs this`;
  return { claim: "stuck", note, usage: nothing, memory };
}

/**
 * An agent without a model: generate-and-validate program repair. It looks for suspicious code by the coverage of
 * failing and passing tests, edits it by mutation operators, and proposes one candidate patch a turn; the loop's
 * verifiers judge it. Deterministic. Gives up (`stuck`) when no candidate is left.
 */
export function repairAgent(options: RepairOptions = {}): Agent {
  const settings = withDefaults(options);
  return {
    name: "repair",
    containment: settings.containment,
    maxPerTurn: nothing,
    act: (request, context) =>
      takeTurn({ request, context, settings }).catch((error: unknown) => {
        throw asAgentFailure(error);
      }),
  };
}
