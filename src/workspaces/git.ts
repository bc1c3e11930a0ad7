import { LoopwrightError } from "../base/errors.ts";
import { bounded, visible } from "../base/text.ts";
import { type ChildAnswer, runOwn } from "./child.ts";
import { gitBytesMax, gitTimeoutMs, gitWordsMax } from "./limits.ts";

export type GitCall = {
  args: readonly string[];
  cwd: string;
  env: Readonly<Record<string, string>>;
  input?: string | Buffer | number;
  bytesMax?: number;
  signal?: AbortSignal | undefined;
};

/** Answers of git in bytes: names in a repository need not be text. */
export type GitAnswer = { code: number; stdout: Buffer; stderr: string; cut: boolean };

/** Runs git and returns how it ended. Refuses when git is missing (`environment`) or does not end in time (`workspace`). */
export async function tryGit(call: GitCall): Promise<GitAnswer> {
  const answer = await start(call);
  if (answer.timedOut) throw gitError(call, `did not end within ${gitTimeoutMs} ms`);
  if (answer.cut && call.bytesMax === undefined)
    throw gitError(call, `answered more than ${gitBytesMax} bytes`);
  if (answer.code === null && !answer.cut) throw gitError(call, "was killed");
  return { ...answer, code: answer.code ?? 0 };
}

async function start(call: GitCall): Promise<ChildAnswer> {
  try {
    return await runOwn({
      ...call,
      command: ["git", ...call.args],
      bytesMax: call.bytesMax ?? gitBytesMax,
      timeoutMs: gitTimeoutMs,
    });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    throw new LoopwrightError({
      code: "environment",
      field: "git",
      message: `git could not be started in ${call.cwd}`,
      fix: "install git 2.36 or newer, put it on the PATH, and see that the folder exists",
      cause: error,
    });
  }
}

/** Runs git and returns its answer. Refuses (`workspace`, in git's words) when git did not exit with 0. */
export async function git(call: GitCall): Promise<Buffer> {
  const { code, stdout, stderr } = await tryGit(call);
  if (code !== 0) throw gitError(call, stderr.trim() || `exited with ${code}`);
  return stdout;
}

/** The one line that git answered. */
export const gitLine = async (call: GitCall): Promise<string> => lineOf(await git(call));

export const lineOf = (stdout: Buffer): string => stdout.toString().replace(/\n$/, "");

/** Parts ended by NUL, each byte as one character, so that no name is lost; `toText` makes them readable. */
export const parts = (stdout: Buffer): string[] => stdout.toString("latin1").split("\0").slice(0, -1);
export const toBytes = (bytes: string): Buffer => Buffer.from(bytes, "latin1");
export const toText = (bytes: string): string => toBytes(bytes).toString();
export const fromText = (text: string): string => Buffer.from(text).toString("latin1");

// Options that stand before the command, such as `-c name=value`, say nothing to a person.
const commandOf = (args: readonly string[]): string =>
  args.find((arg, index) => !arg.startsWith("-") && args[index - 1] !== "-c") ?? "";

function gitError({ args, cwd }: GitCall, words: string): LoopwrightError {
  return new LoopwrightError({
    code: "workspace",
    message: `git ${commandOf(args)}: ${bounded(visible(words), gitWordsMax)}`,
    fix: `see what git says about ${cwd}, mend it there and go on`,
  });
}
