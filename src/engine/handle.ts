import { abortRun } from "./aborting.ts";
import type { EngineCore } from "./core.ts";
import { readEvents } from "./feed.ts";
import type { HeldRun } from "./held-run.ts";
import { storedEvents } from "./reading.ts";
import type { Engine, RunHandle } from "./types.ts";

/** The face of a run that this engine moves. */
export function handleOf(core: EngineCore, engine: Engine, run: HeldRun): RunHandle {
  const { store, feed, host } = core;
  const { runId, contract } = run;
  return {
    id: runId,
    get outcome() {
      return run.leg.end;
    },
    status: () => engine.status(runId, contract),
    events: ({ after = 0, signal } = {}) =>
      readEvents({
        feed,
        runId,
        after,
        stored: (cursor) => storedEvents(store, run, cursor),
        rests: () => run.resting,
        ...(signal === undefined ? {} : { signal }),
      }),
    abort: async (words) => {
      const moved = await abortRun(core, runId, { contract, ...words });
      return (moved ?? run).leg.end;
    },
    pause: async () => {
      await host.pause(runId);
      return run.leg.end;
    },
  };
}
