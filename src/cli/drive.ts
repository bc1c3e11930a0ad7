import type { LoopContract } from "../contract/contract.ts";
import type { Engine, RunEnd, RunHandle } from "../engine/types.ts";
import type { Environment } from "./environment.ts";
import { exitCodes, exitOf } from "./exit-codes.ts";
import { entriesOf, evidenceOf } from "./journal.ts";
import { endLines, endRecord } from "./render/end.ts";
import { jsonLine } from "./render/text.ts";
import { learn, openView, type View } from "./render/view.ts";
import { jsonReporter, liveReporter, plainReporter, quietReporter, type Reporter } from "./reporters.ts";

export type DriveOptions = { json?: true; quiet?: true; store?: string };

type Driven = {
  environment: Environment;
  engine: Engine;
  handle: RunHandle;
  contract: LoopContract;
  options: DriveOptions;
  /** Rows that were there before; only what follows is told. */
  after: number;
};

/** The view as the journal's earlier rows left it. */
function viewOf({ engine, handle, contract, after }: Driven): View {
  let view = openView({ status: handle.status(), metric: contract.rules.progress.metric });
  for (const { seq, event } of entriesOf(engine.store, handle.id)) {
    if (seq > after) break;
    if (event !== null) view = learn(view, event, evidenceOf(engine.store, event));
  }
  return view;
}

function reporterOf(driven: Driven): Reporter {
  const { environment, options } = driven;
  if (options.json) return jsonReporter(environment);
  if (options.quiet) return quietReporter();
  const view = viewOf(driven);
  const { stream } = environment.out;
  return stream === null ? plainReporter(environment, view) : liveReporter(environment, stream, view);
}

/** The first interrupt pauses the run, the second ends the process at once; both lose nothing. */
function pauseOnInterrupt({ environment, handle }: Driven, reporter: Reporter): () => void {
  let pausing = false;
  return environment.onInterrupt(() => {
    if (pausing) return environment.quit(exitCodes.interrupted.code);
    pausing = true;
    reporter.note("pausing: what is in flight is let finish or cancelled; Ctrl-C again quits at once");
    void handle.pause().catch(() => {});
  });
}

async function follow(driven: Driven, reporter: Reporter): Promise<RunEnd> {
  const { engine, handle, after } = driven;
  const release = pauseOnInterrupt(driven, reporter);
  try {
    for await (const event of handle.events({ after })) {
      reporter.event(event, event.kind === "journal" ? evidenceOf(engine.store, event.event) : null);
    }
    return await handle.outcome;
  } finally {
    reporter.close();
    release();
  }
}

/** Shows a run until it rests, says how it stands and what to type next; returns the exit code. */
export async function drive(driven: Driven): Promise<number> {
  const { environment, engine, handle, options } = driven;
  const { out, color } = environment;
  const end = await follow(driven, reporterOf(driven));
  if (options.json) out.write(jsonLine(endRecord(end)));
  else {
    const directory = engine.store.run(handle.id)?.directory ?? environment.cwd;
    const lines = endLines(
      end,
      { program: environment.program, runId: handle.id, store: options.store, directory },
      { columns: out.columns(), color },
    );
    out.write(`${options.quiet ? "" : "\n"}${lines.join("\n")}\n`);
  }
  return exitOf(end);
}
