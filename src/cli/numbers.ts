import { LoopwrightError } from "../base/errors.ts";

const usage = (field: string, message: string, fix: string) =>
  new LoopwrightError({ code: "usage", field, message, fix });

/** A positive amount of a flag in the limit's own unit: `2.5` dollars are 2,500,000 millionths. Throws `LoopwrightError`. */
export function amountOf(flag: string, text: string, factor: number): number {
  const amount = /^\d+(\.\d+)?$/.test(text) ? Math.round(Number(text) * factor) : Number.NaN;
  if (Number.isSafeInteger(amount) && amount > 0 && (factor > 1 || !text.includes("."))) return amount;
  const kind = factor > 1 ? "number" : "whole number";
  throw usage(
    flag,
    `"${text}" is not a ${kind} above 0`,
    `write for example ${flag} ${factor > 1 ? "2.5" : "20"}`,
  );
}

/** One of a closed list of words. Throws `LoopwrightError`. */
export function choiceOf<Choice extends string>(
  flag: string,
  text: string,
  choices: readonly Choice[],
): Choice {
  const found = choices.find((choice) => choice === text);
  if (found !== undefined) return found;
  throw usage(flag, `"${text}" is not one of ${choices.join(", ")}`, `write ${flag} ${choices[0]}`);
}
