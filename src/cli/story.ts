import type { RunRecord, Store } from "../ports/store.ts";
import type { Evidence } from "../ports/verifier.ts";
import { type Entry, endsTurn, entriesOf, evidenceOf } from "./journal.ts";

/** One journal row with what its verifiers saw. */
export type Scene = Entry & { evidence: Evidence[] | null };
/** Step 0 holds what was before the first turn. */
export type StoryStep = { step: number; scenes: Scene[] };

/** A run's journal, put together by step. */
export function storyOf(store: Store, { id }: RunRecord): StoryStep[] {
  const steps: StoryStep[] = [{ step: 0, scenes: [] }];
  for (const entry of entriesOf(store, id)) {
    if (endsTurn(entry.type)) steps.push({ step: steps.length, scenes: [] });
    steps.at(-1)!.scenes.push({ ...entry, evidence: evidenceOf(store, entry.event) });
  }
  return steps;
}

/** What the agent wrote in a turn, where it was kept. */
export function transcriptOf(store: Store, { event }: Scene): string | null {
  if (event?.type !== "xstate.done.actor.act" || event.output.transcript === null) return null;
  return store.blob(event.output.transcript);
}
