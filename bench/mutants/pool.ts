import { Worker } from "node:worker_threads";
import type { Judgement, JudgeOptions } from "./judge.ts";

export type PoolOptions = JudgeOptions & { workers: number; onJudged?: (judged: Judgement) => void };

/** Judges mutants by their numbers, several at once; the judgements come in the order of the numbers. */
export async function judgeAll(
  numbers: readonly number[],
  { workers, onJudged, ...workerData }: PoolOptions,
): Promise<Judgement[]> {
  const judgements: Judgement[] = [];
  let next = 0;
  const work = () =>
    new Promise<void>((resolve, reject) => {
      const worker = new Worker(new URL("./worker.ts", import.meta.url), { workerData });
      let at = -1;
      const goOn = () => {
        at = next++;
        if (at < numbers.length) worker.postMessage(numbers[at]);
        else void worker.terminate().then(() => resolve());
      };
      worker.on("error", reject);
      worker.on("message", (judged: Judgement) => {
        judgements[at] = judged;
        onJudged?.(judged);
        goOn();
      });
      goOn();
    });
  await Promise.all(Array.from({ length: Math.min(workers, numbers.length) }, work));
  return judgements;
}
