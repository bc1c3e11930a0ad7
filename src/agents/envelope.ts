import { z } from "zod";
import { parseJson } from "./parse-json.ts";

/** What an agent's output says: its answer, what it used, and what failed. */
export type AgentOutput = {
  text: string;
  /** `costMicroUsd: null`: tokens are known, their price is not. */
  usage: { tokens: number; costMicroUsd: number | null } | "unknown";
  error: string | null;
};

const count = z.number().min(0).max(Number.MAX_SAFE_INTEGER).transform(Math.ceil);
const optionalCount = count.optional().default(0);

const ClaudeResult = z.looseObject({
  type: z.literal("result"),
  subtype: z.string(),
  is_error: z.boolean().optional(),
  result: z.string().optional(),
  total_cost_usd: z.number().min(0).max(1e9).optional(),
  usage: z
    .looseObject({
      input_tokens: count,
      output_tokens: count,
      cache_creation_input_tokens: optionalCount,
      cache_read_input_tokens: optionalCount,
    })
    .optional()
    .catch(undefined),
});

const CodexUsage = z.looseObject({
  type: z.literal("turn.completed"),
  usage: z.looseObject({ input_tokens: count, output_tokens: count }),
});
const CodexMessage = z.looseObject({
  type: z.literal("item.completed"),
  item: z.looseObject({ type: z.literal("agent_message"), text: z.string() }),
});
const CodexFailure = z.looseObject({
  type: z.literal("turn.failed"),
  error: z.looseObject({ message: z.string() }),
});

const GeminiAnswer = z.looseObject({
  response: z.string().nullish(),
  error: z.looseObject({ message: z.string() }).nullish(),
  stats: z
    .looseObject({ models: z.record(z.string(), z.looseObject({ tokens: z.looseObject({ total: count }) })) })
    .optional()
    .catch(undefined),
});
const GeminiMessage = z.looseObject({
  type: z.literal("message"),
  role: z.literal("assistant"),
  content: z.string(),
});
const GeminiResult = z.looseObject({
  type: z.literal("result"),
  status: z.string(),
  error: z.looseObject({ message: z.string() }).optional(),
  stats: z.looseObject({ total_tokens: count }).optional().catch(undefined),
});

function all<Schema extends z.ZodType>(schema: Schema, records: readonly unknown[]): z.infer<Schema>[] {
  return records
    .map((record) => schema.safeParse(record))
    .flatMap(({ success, data }) => (success ? [data] : []));
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

/** Claude Code, `--output-format json` or `stream-json`. */
function readClaude(records: readonly unknown[]): AgentOutput | null {
  const result = all(ClaudeResult, records).at(-1);
  if (result === undefined) return null;
  const { usage, total_cost_usd: cost } = result;
  const failed = result.is_error === true || result.result === undefined;
  return {
    text: result.result ?? "",
    usage: usage
      ? {
          tokens:
            usage.input_tokens +
            usage.output_tokens +
            usage.cache_creation_input_tokens +
            usage.cache_read_input_tokens,
          costMicroUsd: cost === undefined ? null : Math.ceil(cost * 1_000_000),
        }
      : "unknown",
    error: failed ? result.result || result.subtype : null,
  };
}

/** Codex, `exec --json`. Its cached tokens are among the input tokens. */
function readCodex(records: readonly unknown[]): AgentOutput | null {
  const usages = all(CodexUsage, records).map(({ usage }) => usage.input_tokens + usage.output_tokens);
  const messages = all(CodexMessage, records).map(({ item }) => item.text);
  const failures = all(CodexFailure, records).map(({ error }) => error.message);
  if (usages.length + messages.length + failures.length === 0) return null;
  return {
    text: messages.at(-1) ?? "",
    usage: usages.length > 0 ? { tokens: sum(usages), costMicroUsd: null } : "unknown",
    error: failures.at(-1) ?? null,
  };
}

/** Gemini CLI, `--output-format stream-json`. */
function readGeminiStream(records: readonly unknown[]): AgentOutput | null {
  const result = all(GeminiResult, records).at(-1);
  if (result === undefined) return null;
  return {
    text: all(GeminiMessage, records)
      .map(({ content }) => content)
      .join(""),
    usage: result.stats ? { tokens: result.stats.total_tokens, costMicroUsd: null } : "unknown",
    error: result.status === "success" ? null : (result.error?.message ?? result.status),
  };
}

/** Gemini CLI, `--output-format json`. */
function readGemini(records: readonly unknown[]): AgentOutput | null {
  const [answer] = all(GeminiAnswer, records);
  if (records.length !== 1 || answer === undefined) return null;
  if (answer.stats === undefined && !answer.error) return null;
  const models = Object.values(answer.stats?.models ?? {});
  return {
    text: answer.response ?? "",
    usage:
      models.length > 0
        ? { tokens: sum(models.map(({ tokens }) => tokens.total)), costMicroUsd: null }
        : "unknown",
    error: answer.error?.message ?? null,
  };
}

const isRecord = (value: unknown): boolean =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The records of a JSON document or of JSON lines; of the latter, the first and the last must be whole. */
function recordsOf(stdout: string): unknown[] {
  const whole = parseJson(stdout);
  if (Array.isArray(whole)) return whole;
  if (isRecord(whole)) return [whole];
  const lines = stdout
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map(parseJson);
  return isRecord(lines[0]) && isRecord(lines.at(-1)) ? lines.filter(isRecord) : [];
}

/** The output as it stands: the answer is the text, and what it used is unknown. */
export const readText = (stdout: string): AgentOutput => ({ text: stdout, usage: "unknown", error: null });

/** Reads what Claude Code, Codex and Gemini CLI print when asked for JSON; anything else is taken as text. */
export function readEnvelope(stdout: string): AgentOutput {
  const records = recordsOf(stdout);
  return (
    readClaude(records) ??
    readCodex(records) ??
    readGeminiStream(records) ??
    readGemini(records) ??
    readText(stdout)
  );
}
