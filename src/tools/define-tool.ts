import { z } from "zod";
import { ToolRules } from "../../guards/tool.ts";
import { LoopwrightError } from "../base/errors.ts";
import type { Json } from "../ports/json.ts";
import type { AttemptOutcome, ReconcileOutcome, Tool, ToolContext } from "../ports/tool.ts";
import { failureOf, outcomeOfThrown } from "./classify.ts";
import { outcomeOf, reconciliationOf } from "./outcome.ts";

type Rules = Partial<
  Pick<Tool, "effect" | "sensitivity" | "repeat" | "settlesWithinMs" | "burnsKey" | "timeoutMs">
>;

/** A tool as a person declares it. `Tool` says what each field means; what is left out is assumed at its worst. */
export type ToolOptions<Input extends z.ZodType> = Rules & {
  /** Letters, digits, dots, dashes, underscores; at most 64. */
  name: string;
  /** Said to the agent. */
  description: string;
  input: Input;
  dedupe?: (input: z.output<Input>) => string;
  inScope?: (input: z.output<Input>) => boolean;
  permitted?: (input: z.output<Input>) => boolean | Promise<boolean>;
  /**
   * Makes the effect happen, in one call to the world: a failure to connect counts as not applied. Returns an outcome, or
   * the result of an applied effect. Throws `NotApplied` when nothing happened; any other error means unknown.
   */
  execute(input: z.output<Input>, context: ToolContext): Promise<unknown>;
  reconcile?: (input: z.output<Input>, context: ToolContext) => Promise<ReconcileOutcome>;
  confirm?: (input: z.output<Input>, result: Json, context: ToolContext) => Promise<boolean>;
};

const isFunction = (value: unknown): boolean => typeof value === "function";
const Required = z.custom<unknown>(isFunction, "expected a function");
const Optional = z
  .custom<unknown>((value) => value === undefined || isFunction(value), "expected a function")
  .optional();

const { shape } = ToolRules;

// A time-out of none or of months would never be reached; whole days are plenty for one call.
const Milliseconds = z
  .int("expected whole milliseconds")
  .max(7 * 24 * 60 * 60_000, "expected at most 7 days");

const Declared = z
  .strictObject({
    name: z
      .string()
      .regex(
        /^[A-Za-z][\w.-]{0,63}$/,
        "expected a letter, then letters, digits, dots, dashes or underscores, 64 at most",
      ),
    description: z.string().trim().min(1, "expected what the tool does, for the agent").max(2_000),
    input: z.custom<z.ZodType>((value) => value instanceof z.ZodType, "expected a zod schema"),
    effect: shape.effect,
    sensitivity: shape.sensitivity,
    // Without its default: that depends on the effect.
    repeat: shape.repeat.unwrap().optional(),
    settlesWithinMs: Milliseconds.min(0).default(60_000),
    burnsKey: shape.burnsKey,
    timeoutMs: Milliseconds.min(1).default(60_000),
    dedupe: Optional,
    inScope: Optional,
    permitted: Optional,
    execute: Required,
    reconcile: Optional,
    confirm: Optional,
  })
  .refine(({ repeat, reconcile }) => repeat !== "reconcile" || reconcile !== undefined, {
    path: ["reconcile"],
    message: 'repeat is "reconcile", so the tool must be able to tell what became of an effect',
  })
  .refine(({ burnsKey, reconcile }) => !burnsKey || reconcile !== undefined, {
    path: ["burnsKey"],
    message: "asking can only make the key unusable where there is a reconcile to ask",
  });

function refuse(name: unknown, error: z.ZodError): never {
  const [issue] = error.issues;
  const field = issue?.code === "unrecognized_keys" ? issue.keys.join(", ") : (issue?.path.join(".") ?? "");
  const message = issue?.code === "unrecognized_keys" ? "unknown field" : issue?.message;
  throw new LoopwrightError({
    code: "contract",
    field,
    message: `tool ${JSON.stringify(name ?? "")}: ${field || "options"}: ${message}`,
    fix: 'write defineTool({ name: "mail.send", description: "…", input: z.object({ … }), effect: "write", repeat: "never", execute: async (input) => … })',
  });
}

/**
 * Declares a tool. Undeclared means the worst: destructive, never repeated, 60 seconds until an attempt is unknown. A read
 * is repeat-safe by nature. Refuses (`contract`) what makes no sense, and names the field.
 */
export function defineTool<Input extends z.ZodType>(options: ToolOptions<Input>): Tool<z.output<Input>> {
  const parsed = Declared.safeParse(options);
  if (!parsed.success) return refuse((options as { name?: unknown } | undefined)?.name, parsed.error);
  const { effect, repeat, sensitivity, settlesWithinMs, burnsKey, timeoutMs } = parsed.data;
  const { execute, reconcile, input, ...rest } = options;
  return {
    ...rest,
    input: input as z.ZodType<z.output<Input>>,
    effect,
    sensitivity,
    repeat: repeat ?? (effect === "read" ? "safe" : "never"),
    settlesWithinMs,
    burnsKey,
    timeoutMs,
    execute: (given, context) => attempt(() => execute(given, context), effect),
    ...(reconcile === undefined
      ? {}
      : { reconcile: (given, context) => ask(() => reconcile(given, context)) }),
  };
}

async function attempt(execute: () => Promise<unknown>, effect: Tool["effect"]): Promise<AttemptOutcome> {
  try {
    return outcomeOf(await execute());
  } catch (error) {
    return outcomeOfThrown(error, effect);
  }
}

async function ask(reconcile: () => Promise<ReconcileOutcome>): Promise<ReconcileOutcome> {
  try {
    return reconciliationOf(await reconcile());
  } catch (error) {
    return { found: "unknown", failure: failureOf(error) };
  }
}
