import { userInfo } from "node:os";
import { Directive } from "../../machines/events.ts";
import { canonicalJson } from "../base/digest.ts";
import type { Store } from "../ports/store.ts";
import type { EngineCore } from "./core.ts";

/** The name of the user who runs this process. */
export function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return "unknown";
  }
}

type Word = { type: Directive["type"] } & Record<string, unknown>;

/** Puts a person's word into a run's inbox, unsigned, and lets the host look at once. */
export function say(
  { store, clock, host }: EngineCore,
  runId: string,
  by: string | undefined,
  word: Word,
): void {
  const at = clock.now();
  const directive = Directive.parse({
    ...word,
    at,
    random: clock.random(),
    by: by ?? userName(),
    signed: false,
  });
  store.post({ runId, at, event: canonicalJson(directive) });
  host.poll();
}

function isWord(text: string): boolean {
  try {
    return Directive.safeParse(JSON.parse(text)).success;
  } catch {
    return false;
  }
}

/** Is a word on its way to this run? What is no word stays in the inbox and moves nothing. */
export const hasWord = (store: Store, runId: string): boolean =>
  store.directives([runId]).some(({ event }) => isWord(event));
