import { duration } from "../../base/duration.ts";
import type { EffectRow, RunRecord } from "../../ports/store.ts";
import type { Colors } from "../environment.ts";
import type { Scene, StoryStep } from "../story.ts";
import { standing } from "./end.ts";
import { checkLine, evidenceDetails } from "./evidence.ts";
import { block, cut, oneLine, padTo, wrap } from "./text.ts";
import { type Told, tell } from "./told.ts";
import { dayAndTime, plural, timeOfDay } from "./units.ts";

type Style = { columns: number; color: Colors };

/** Outputs, arguments and transcripts are shown for a single step only; `transcript` finds the latter. */
export type Detail = { full: boolean; transcript: (scene: Scene) => string | null };

const timeColumns = 10;
const paint = ({ tone, text }: Told, color: Colors): string =>
  ({ good: color.green, bad: color.red, warn: color.yellow, plain: (plain: string) => plain })[tone](text);

const indented = (lines: readonly string[], indent: number): string[] =>
  lines.map((line) => `${" ".repeat(indent)}${line}`.trimEnd());

function evidenceLines(scene: Scene, full: boolean, { columns, color }: Style): string[] {
  if (scene.event?.type !== "xstate.done.actor.verify") return [];
  if (scene.evidence === null) return indented([color.dim("the evidence is no longer stored")], timeColumns);
  return scene.evidence.flatMap((evidence) => [
    ...indented([checkLine(evidence, { columns: columns - timeColumns, color })], timeColumns),
    ...indented(
      evidenceDetails(evidence, full).map((line) => color.dim(line)),
      timeColumns + 4,
    ),
  ]);
}

/** Arguments and results in full, and the agent's own words. */
function fullLines(scene: Scene, { full, transcript }: Detail, { color }: Style): string[] {
  const { event } = scene;
  if (!full || event?.type !== "xstate.done.actor.act") return [];
  const actions = event.output.kind === "turn" ? event.output.turn.actions : [];
  const words = transcript(scene);
  return indented(
    [
      ...actions.flatMap(({ tool, input }) => [
        `${oneLine(tool, 80)}:`,
        ...block(JSON.stringify(input, null, 2)).map((line) => `| ${line}`),
      ]),
      ...(words === null ? [] : ["transcript:", ...block(words).map((line) => `| ${line}`)]),
    ].map((line) => color.dim(line)),
    timeColumns + 4,
  );
}

function sceneLines(scene: Scene, detail: Detail, style: Style): string[] {
  const told =
    scene.event === null
      ? ({
          tone: "warn",
          text: `an event of a kind unknown to this version: ${oneLine(scene.type, 80)}`,
        } as const)
      : tell(scene.event);
  if (told === null) return [];
  const width = Math.max(20, style.columns - timeColumns);
  const [first, ...rest] = wrap(told.text, width).map((text) => paint({ ...told, text }, style.color));
  return [
    `${style.color.dim(timeOfDay(scene.at))}  ${first}`,
    ...indented(rest, timeColumns),
    ...evidenceLines(scene, detail.full, style),
    ...fullLines(scene, detail, style),
  ];
}

export function stepLines({ step, scenes }: StoryStep, detail: Detail, style: Style): string[] {
  const lines = scenes.flatMap((scene) => sceneLines(scene, detail, style));
  const took = duration(scenes.length === 0 ? 0 : scenes.at(-1)!.at - scenes[0]!.at);
  const title = step === 0 ? "start" : `step ${step}`;
  return lines.length === 0
    ? []
    : ["", style.color.bold(scenes.length > 1 ? `${title}, ${took}` : title), ...lines];
}

const effectWords = { inDoubt: "in doubt", applied: "applied", notApplied: "not applied" } as const;

function effectLine({ tool, status, attempts, result, key }: EffectRow, columns: number): string {
  const text = `${padTo(oneLine(tool, 24), 14)} ${effectWords[status]} after ${plural(attempts.length, "attempt")}  ${oneLine(result ?? key, 200)}`;
  return `  ${cut(text, columns - 2)}`;
}

function standsLine({ outcome, state, updatedAt }: RunRecord): string {
  const ended = outcome as { status: "succeeded" | "stopped"; reason: string; detail: string | null } | null;
  return `${ended === null ? `in state ${state}` : standing(ended)}, ${dayAndTime(updatedAt)}`;
}

export function headLines(run: RunRecord, { color }: Style): string[] {
  return [
    color.bold(`run ${run.id} of loop ${oneLine(run.loop, 64)}`),
    `goal     ${oneLine(run.goal)}`,
    `project  ${run.directory}`,
    `contract ${run.contractFile ?? "given by a program"}`,
    `started  ${dayAndTime(run.createdAt)}`,
    `now      ${standsLine(run)}`,
  ];
}

export const effectLines = (effects: readonly EffectRow[], { columns, color }: Style): string[] =>
  effects.length === 0
    ? []
    : ["", color.bold("effects"), ...effects.map((effect) => effectLine(effect, columns))];
