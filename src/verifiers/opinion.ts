import { z } from "zod";
import { Usage } from "../../guards/continue.ts";
import type { Evidence, Verifier, VerifyContext, VerifyRequest } from "../ports/verifier.ts";
import { evidence, stopwatch } from "./evidence.ts";
import { functionOf, Name, parseOptions, TimeoutMs } from "./options.ts";

const Opinion = z.object({
  passed: z.boolean(),
  text: z.string(),
  /** What the model call used. Left out: unknown, charged at `maxPerCall`. */
  usage: Usage.exactOptional(),
});
export type Opinion = z.infer<typeof Opinion>;
export type Judge = (request: VerifyRequest, context: VerifyContext) => Promise<Opinion>;

export const OpinionOptions = z.strictObject({
  name: Name.default("opinion"),
  judge: functionOf<Judge>(),
  /** Milliseconds; default 10 minutes. */
  timeoutMs: TimeoutMs.optional(),
  /** The most that one call can use; what it used is taken from the run's tokens and cost like a turn's. */
  maxPerCall: Usage.optional(),
});
export type OpinionOptions = z.input<typeof OpinionOptions>;

/** A judgement, usually a model's: kept as advice for agent and person, and never counted for or against a verdict. */
export function opinion(options: OpinionOptions): Verifier<"opinion"> {
  const { name, judge, timeoutMs, maxPerCall } = parseOptions("opinion", OpinionOptions, options);
  return {
    kind: "opinion",
    name,
    containment: "workspace",
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    ...(maxPerCall === undefined ? {} : { maxPerCall }),
    verify: async (request, context) => {
      const elapsed = stopwatch();
      const said = Opinion.parse(await judge(request, context));
      return adviceFrom({ name, said, usage: said.usage ?? maxPerCall, durationMs: elapsed() });
    },
  };
}

type Advice = { name: string; said: Opinion; usage: Usage | undefined; durationMs: number };

function adviceFrom({ name, said, usage, durationMs }: Advice): Evidence {
  const { passed, text } = said;
  const verdict = passed ? "passed" : "failed";
  const summary = `advice only: ${passed ? "in favour" : "against"}`;
  return evidence(
    { verifier: name, verdict, summary, because: text, durationMs },
    { output: text, ...(usage === undefined ? {} : { usage }) },
  );
}
