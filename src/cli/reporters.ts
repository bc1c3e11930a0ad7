import { createLogUpdate } from "log-update";
import type { RunEvent } from "../engine/types.ts";
import type { Evidence } from "../ports/verifier.ts";
import type { Colors, Environment } from "./environment.ts";
import { frame } from "./render/frame.ts";
import { cut, jsonLine } from "./render/text.ts";
import { type Told, tell } from "./render/told.ts";
import { timeOfDay } from "./render/units.ts";
import { follow, type View } from "./render/view.ts";

/** What is told while a run moves. */
export type Reporter = {
  event(event: RunEvent, checks: readonly Evidence[] | null): void;
  /** Says something about the run at hand. */
  note(text: string): void;
  close(): void;
};

/** Milliseconds between two drawings of the live view; it also ticks the clock. */
const frameMs = 120;

const toneOf = (tone: Told["tone"], color: Colors) =>
  ({ good: color.green, bad: color.red, warn: color.yellow, plain: (text: string) => text })[tone];

/** One told event with its time and step. */
type Line = { at: string; step: string; told: Told };

function lineOf(event: RunEvent, step: number): Line | null {
  const told = event.kind === "journal" ? tell(event.event) : null;
  return told && { at: timeOfDay(event.at), step: step === 0 ? "start" : `step ${step}`, told };
}

/** One event a line: what is asked for by `--json`. */
export const jsonReporter = ({ out }: Environment): Reporter => ({
  event: (event) => out.write(jsonLine(event)),
  note: () => {},
  close: () => {},
});

export const quietReporter = (): Reporter => ({ event: () => {}, note: () => {}, close: () => {} });

/** Plain lines, for a pipe or a log file. */
export function plainReporter({ out, color }: Environment, start: View): Reporter {
  let view = start;
  return {
    event: (event, checks) => {
      view = follow(view, event, checks);
      const line = lineOf(event, view.step);
      if (line !== null)
        out.write(`${line.at}  ${line.step.padEnd(8)} ${toneOf(line.told.tone, color)(line.told.text)}\n`);
    },
    note: (text) => out.write(`${text}\n`),
    close: () => {},
  };
}

/** The live view: told lines scroll by, under them the run as it stands. */
export function liveReporter(environment: Environment, stream: NodeJS.WriteStream, start: View): Reporter {
  const { out, color, now } = environment;
  const log = createLogUpdate(stream);
  let view = start;
  let note = "Ctrl-C pauses; the run can be resumed";
  const draw = () =>
    log(frame(view, { size: { columns: out.columns(), rows: out.rows() }, color, now: now(), note }));
  const ticker = setInterval(draw, frameMs);
  draw();
  return {
    event: (event, checks) => {
      view = follow(view, event, checks);
      const line = lineOf(event, view.step);
      if (line === null) return;
      const label = `${line.at}  ${line.step.padEnd(8)} `;
      log.persist(
        color.dim(label) +
          toneOf(line.told.tone, color)(cut(line.told.text, Math.max(20, out.columns() - label.length))),
      );
    },
    note: (text) => {
      note = text;
    },
    close: () => {
      clearInterval(ticker);
      log.clear();
      log.done();
    },
  };
}
