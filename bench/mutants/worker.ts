import { parentPort, workerData } from "node:worker_threads";
import { createLoopMachine } from "../../machines/loop.ts";
import { contracts } from "./contracts.ts";
import { mutantsOf } from "./generate.ts";
import { createJudge, type JudgeOptions } from "./judge.ts";

// Judges the mutants whose numbers it is sent, and answers each with its judgement.

const judge = createJudge(workerData as JudgeOptions);
const mutants = mutantsOf(createLoopMachine(contracts.safe!.rules));

parentPort!.on("message", (number: number) => {
  parentPort!.postMessage(judge(mutants[number]!));
});
