import { LoopwrightError } from "../base/errors.ts";
import { bounded, visible } from "../base/text.ts";

/** What a published commit says about itself in its last lines. */
export type Trailers = { runId: string; key: string };

const effectLine = (key: string): string => `Loopwright-Effect: ${key}`;
const trailersOf = ({ runId, key }: Trailers): string => `Loopwright-Run: ${runId}\n${effectLine(key)}`;

/** A text of git's `--fixed-strings --grep` that finds candidates; `carriesKey` decides. */
export const grepFor = (key: string): string => effectLine(key);

function refuseOdd(name: string, value: string): void {
  if (/^[\x21-\x7e]{1,200}$/.test(value)) return;
  throw new LoopwrightError({
    code: "workspace",
    field: name,
    message: `the ${name} ${JSON.stringify(value)} cannot stand in a commit message`,
    fix: "name runs with letters, digits, dots, dashes and underscores",
  });
}

// Whoever reads trailers must find ours alone, so a line of the message that looks like one becomes a quotation.
const defused = (message: string): string => message.replace(/^[^\S\n]*(?=loopwright-)/gim, "> ");

/** The commit message: what was proposed, made harmless, and in a last paragraph of their own the run and the effect. */
export function commitMessage(message: string, trailers: Trailers): string {
  refuseOdd("run", trailers.runId);
  refuseOdd("key", trailers.key);
  const text = defused(visible(bounded(message.toWellFormed().replaceAll("\r\n", "\n").trim())));
  return `${text === "" ? `Change by run ${trailers.runId}` : text}\n\n${trailersOf(trailers)}\n`;
}

const lastParagraph = (message: string): string => message.trimEnd().split("\n\n").at(-1) ?? "";

/** Whether a commit message was made for the effect with this key. */
export const carriesKey = (message: string, key: string): boolean =>
  lastParagraph(message).split("\n").at(-1) === effectLine(key) &&
  lastParagraph(message).startsWith("Loopwright-Run: ");

/** Whether a commit message was made by this run. */
export const carriesRun = (message: string, runId: string): boolean =>
  lastParagraph(message).startsWith(`Loopwright-Run: ${runId}\nLoopwright-Effect: `);
