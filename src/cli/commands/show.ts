import { LoopwrightError } from "../../base/errors.ts";
import type { RunRecord, Store } from "../../ports/store.ts";
import { type AddCommand, jsonFlag, runArgument, storeFlag } from "../command.ts";
import type { Environment } from "../environment.ts";
import { amountOf } from "../numbers.ts";
import { effectLines, headLines, stepLines } from "../render/story.ts";
import { jsonLine } from "../render/text.ts";
import { findRun, withRuns } from "../session.ts";
import { type StoryStep, storyOf, transcriptOf } from "../story.ts";

type ShowOptions = { json?: true; store?: string; step?: string };

function chosen(story: StoryStep[], { step }: ShowOptions): StoryStep[] {
  if (step === undefined) return story;
  const number = step === "0" ? 0 : amountOf("--step", step, 1);
  const found = story.find((one) => one.step === number);
  if (found !== undefined) return [found];
  throw new LoopwrightError({
    code: "usage",
    field: "--step",
    message: `there is no step ${number}; the last one is ${story.length - 1}`,
    fix: "give the number of a step; 0 is what was before the first",
  });
}

function linesOf(
  environment: Environment,
  store: Store,
  run: RunRecord,
  steps: StoryStep[],
  full: boolean,
): string[] {
  const style = { columns: environment.out.columns(), color: environment.color };
  const detail = {
    full,
    transcript: (scene: Parameters<typeof transcriptOf>[1]) => transcriptOf(store, scene),
  };
  return [
    ...headLines(run, style),
    ...steps.flatMap((step) => stepLines(step, detail, style)),
    ...(full ? [] : effectLines(store.effects(run.id), style)),
  ];
}

/** Tells a run's story from its journal; needs no contract. */
function show(environment: Environment, word: string, options: ShowOptions): Promise<number> {
  return withRuns(environment, options, async (engine) => {
    const { store } = engine;
    const run = findRun(engine, word);
    const steps = chosen(storyOf(store, run), options);
    environment.out.write(
      options.json
        ? jsonLine({ run, steps, effects: store.effects(run.id) }, 2)
        : `${linesOf(environment, store, run, steps, options.step !== undefined).join("\n")}\n`,
    );
    return 0;
  });
}

export const addShow: AddCommand = (program, environment, finish) => {
  program
    .command("show")
    .description("Tell a run's story step by step, with its evidence")
    .argument(...runArgument)
    .option("--step <N>", "only this step, with outputs, arguments and transcript")
    .option(...storeFlag)
    .option(...jsonFlag)
    .action(async (word: string, options: ShowOptions) => finish(await show(environment, word, options)));
};
