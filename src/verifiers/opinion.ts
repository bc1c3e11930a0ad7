import { z } from "zod";
import type { Evidence, Verifier, VerifyContext, VerifyRequest } from "../ports/verifier.ts";
import { evidence, stopwatch } from "./evidence.ts";
import { functionOf, Name, parseOptions, TimeoutMs } from "./options.ts";

const Opinion = z.object({ passed: z.boolean(), text: z.string() });
export type Opinion = z.infer<typeof Opinion>;
export type Judge = (request: VerifyRequest, context: VerifyContext) => Promise<Opinion>;

export const OpinionOptions = z.strictObject({
  name: Name.default("opinion"),
  judge: functionOf<Judge>(),
  /** Milliseconds; default 10 minutes. */
  timeoutMs: TimeoutMs.optional(),
});
export type OpinionOptions = z.input<typeof OpinionOptions>;

/** A judgement, usually a model's: kept as advice for agent and person, and never counted for or against a verdict. */
export function opinion(options: OpinionOptions): Verifier<"opinion"> {
  const { name, judge, timeoutMs } = parseOptions("opinion", OpinionOptions, options);
  return {
    kind: "opinion",
    name,
    containment: "workspace",
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    verify: (request, context) => ask(name, judge, request, context),
  };
}

async function ask(
  verifier: string,
  judge: Judge,
  request: VerifyRequest,
  context: VerifyContext,
): Promise<Evidence> {
  const elapsed = stopwatch();
  const { passed, text } = Opinion.parse(await judge(request, context));
  const verdict = passed ? "passed" : "failed";
  const summary = `advice only: ${passed ? "in favour" : "against"}`;
  return evidence({ verifier, verdict, summary, because: text, durationMs: elapsed() }, { output: text });
}
