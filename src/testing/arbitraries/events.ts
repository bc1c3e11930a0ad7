import { ErrorClass } from "../../../guards/retry.ts";
import type { LoopEvent } from "../../../machines/events.ts";
import type { Json } from "../../ports/json.ts";
import { type Arbitrary, type Fc, toolNames } from "./fast-check.ts";

/** Any event that a machine can be sent, with tools called `one`, `two` and `three`. */
export function eventsFrom(fc: Fc): Arbitrary<LoopEvent> {
  const text = fc.string({ maxLength: 8 });
  const count = fc.nat({ max: 100 });
  const json = fc.constantFrom<Json>(null, 1, "text", [], { a: true });
  const tree = fc.constantFrom(null, "T0", "T1");
  const errorClass = fc.constantFrom(...ErrorClass.options);
  const failure = fc.record({ errorClass, message: text, retryAfterMs: fc.constantFrom(null, 0, 5_000) });
  const usage = fc.record({ tokens: count, costMicroUsd: count });
  const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  const stamp = { at: fc.nat(), random };
  const reply = { ...stamp, callId: count.map(String) };
  const failed = { ...reply, failure, fingerprint: text };
  const action = fc.record({ tool: fc.constantFrom(...toolNames), input: json, digest: text });
  const turn = fc.record({
    claim: fc.constantFrom(null, "done", "stuck"),
    actions: fc.array(action, { maxLength: 3 }),
    proposal: text,
    tree,
    changed: fc.boolean(),
  });
  const grant = fc.record({
    id: text,
    effectKey: text,
    actionDigest: text,
    approver: fc.constantFrom("ann", "bob"),
    issuedAt: count,
    expiresAt: count,
    usedBy: fc.constantFrom(null, "run/1/0"),
    revoked: fc.boolean(),
  });
  const facts = fc.record({
    tree,
    inputValid: fc.boolean(),
    inScope: fc.boolean(),
    permitted: fc.boolean(),
    policy: fc.constantFrom("allow", "ask", "forbid"),
    grants: fc.array(grant, { maxLength: 2 }),
    appliedBefore: fc.constantFrom(null, "run/1/0"),
    duplicateOf: fc.constantFrom(null, "other/1/0"),
    usedBefore: fc.boolean(),
    halted: fc.boolean(),
  });
  const result = { result: json, resultDigest: text };
  const is = <Name extends string>(name: Name) => fc.constant(name);
  const done = (name: string, ...outputs: Arbitrary<object>[]) =>
    fc.record({ type: is(`xstate.done.actor.${name}`), output: fc.oneof(...outputs), actorId: is(name) });
  const directive = { ...stamp, by: text, signed: fc.boolean() };
  const about = { effectKey: text };
  const purpose = fc.constantFrom("baseline", "proposal", "goal");
  const verdict = fc.constantFrom("passed", "failed", "unverifiable");
  return fc.oneof(
    done(
      "act",
      fc.record({
        kind: is("turn"),
        ...reply,
        turn,
        usage: fc.option(usage),
        memory: fc.option(text),
        note: fc.option(text),
        transcript: fc.option(text),
      }),
      fc.record({ kind: is("failed"), ...failed, usage: fc.option(usage), transcript: fc.option(text) }),
    ),
    done(
      "verify",
      fc.record({
        ...reply,
        purpose,
        proposal: text,
        tree,
        result: verdict,
        fingerprint: text,
        summary: text,
        score: fc.option(count),
        evidence: text,
        usage,
      }),
    ),
    done("assess", fc.record({ ...reply, actionDigest: text, facts, recorded: json })),
    done(
      "observe",
      fc.record({ outcome: is("observed"), ...reply, ...result }),
      fc.record({ outcome: is("failed"), ...failed }),
    ),
    done(
      "execute",
      fc.record({ outcome: is("applied"), ...reply, ...result }),
      fc.record({ outcome: fc.constantFrom("notApplied", "unknown"), ...failed }),
    ),
    done(
      "reconcile",
      fc.record({ found: is("applied"), ...reply, ...result }),
      fc.record({ found: is("absent"), ...reply }),
      fc.record({ found: is("unknown"), ...reply, failure }),
    ),
    done("confirm", fc.record({ ...reply, confirmed: fc.boolean(), tree, detail: fc.option(text) })),
    fc.record({ type: is("host.recovered"), ...stamp }),
    fc.record({ type: is("host.failed"), ...stamp, message: text }),
    fc.record({
      type: is("commit.refused"),
      ...stamp,
      reason: fc.constantFrom("duplicate", "grantUsed", "halted"),
    }),
    fc.record({
      type: is("effect.lateOutcome"),
      ...stamp,
      key: text,
      attempt: fc.integer({ min: 1, max: 5 }),
      outcome: fc.constantFrom("applied", "notApplied"),
      result: json,
    }),
    fc.record({
      type: is("approval.granted"),
      ...directive,
      ...about,
      actionDigest: text,
      grants: fc.array(grant, { maxLength: 2 }),
    }),
    fc.record({ type: is("approval.denied"), ...directive, ...about, reason: text }),
    fc.record({
      type: is("directive.resume"),
      ...directive,
      say: fc.option(text),
      raise: fc.record({ steps: count, tokens: count }, { requiredKeys: [] }),
    }),
    fc.record({
      type: is("directive.settle"),
      ...directive,
      key: text,
      found: fc.constantFrom("applied", "absent"),
      result: json,
    }),
    fc.record({ type: fc.constantFrom("directive.abort", "directive.halt"), ...directive, reason: text }),
    fc.record({ type: is("directive.liftHalt"), ...directive }),
  ) as Arbitrary<LoopEvent>;
}
