import { isLoopwrightError, type LoopwrightError, messageOf } from "../../base/errors.ts";
import type { Colors } from "../environment.ts";
import { block, oneLine } from "./text.ts";

/** Lines of a message shown: an error fits on one screen. */
const linesMax = 15;

function messageLines(message: string): string[] {
  const lines = block(message);
  return lines.length <= linesMax
    ? lines
    : [...lines.slice(0, linesMax), `… ${lines.length - linesMax} more lines`];
}

function personLines({ message, field, fix }: LoopwrightError, color: Colors): string[] {
  const [first = "", ...rest] = messageLines(message);
  const named = field === undefined || message.includes(field) ? [] : [`  at:  ${oneLine(field)}`];
  return [`${color.red("error:")} ${first}`, ...rest, ...named, `  fix: ${oneLine(fix, 600)}`];
}

/** An error in lines: what was wrong, where, and what to do. A fault of ours shows its stack only when asked. */
export function errorLines(error: unknown, { color, debug }: { color: Colors; debug: boolean }): string[] {
  const stack = debug && error instanceof Error ? block(error.stack ?? "") : [];
  if (isLoopwrightError(error)) return [...personLines(error, color), ...stack];
  const hint = debug ? [] : ["  fix: run it again with LOOPWRIGHT_DEBUG=1 for the stack, and report it"];
  return [`${color.red("internal error:")} ${oneLine(messageOf(error))}`, ...hint, ...stack];
}

/** The same as a line of `--json`. */
export function errorRecord(error: unknown): object {
  if (!isLoopwrightError(error)) return { kind: "error", code: "internal", message: messageOf(error) };
  const { code, message, field, fix } = error;
  return { kind: "error", code, message, ...(field === undefined ? {} : { field }), fix };
}
