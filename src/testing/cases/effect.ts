import type { ErrorClass } from "../../../guards/retry.ts";
import type { LoopContract } from "../../contract/contract.ts";
import type { ToolScript, Word } from "../script.ts";
import { type Case, done, type Expected, escalated, succeeded } from "./case.ts";
import { errorClasses, manners } from "./manner.ts";
import { backoffsMs, type Need } from "./room.ts";
import { actionOf, passageOf, playing, type Subject } from "./subject.ts";

/** How a run stands whose effect nobody can tell the outcome of. */
const inDoubt = { status: "inDoubt", reason: "unknownOutcome" } as const;

type Told = {
  title: string;
  script: ToolScript;
  /** Dispatches of the action, and how often it is in the world in the end. */
  attempts: number;
  applied: number;
  expected?: Expected;
  /** What people say beside their grants, after these. */
  words?: readonly Word[];
  need?: Need;
};

/** Makes cases of one tool whose effects can be dispatched. */
function teller(contract: LoopContract, subject: Subject, way: "free" | "asked") {
  const { name, rules } = subject;
  return ({ title, script, attempts, applied, expected = succeeded, words = [], need = {} }: Told): Case => {
    const first = passageOf(contract, subject, { way });
    const all = passageOf(contract, subject, { way, attempts });
    // What people say of the first attempt comes before the grants of those that follow.
    const people = [...first.words, ...words, ...all.words.slice(first.words.length)];
    const waits = backoffsMs(rules, attempts - 1);
    return {
      name: `${name}: ${title}`,
      script: playing(subject, { ...all, words: people }, script),
      expected: { ...expected, applied: { [name]: applied }, calls: { [name]: attempts } },
      need: { effects: 1, ...all.need, ...need, waitMs: waits + (need.waitMs ?? 0) },
    };
  };
}
type Tell = ReturnType<typeof teller>;

/** It certainly did not happen. */
function refusedCase(tell: Tell, errorClass: ErrorClass): Case {
  const script = { modes: [{ refuses: errorClass }] };
  const title = `it is certainly not applied: ${errorClass}`;
  switch (manners[errorClass]) {
    case "backoff":
      return tell({ title: `${title}, tried again`, script, attempts: 2, applied: 1 });
    case "correct":
      return tell({
        title: `${title}, the agent hears of it`,
        script,
        attempts: 1,
        applied: 0,
        need: { steps: 2 },
      });
    case "person":
      return tell({
        title: `${title}, needs a person`,
        script,
        attempts: 1,
        applied: 0,
        expected: escalated("missingPermission"),
      });
  }
}

/** What becomes of an attempt whose outcome is unknown, although it was applied, by what may be repeated. */
function unknownEnd({ tool }: Subject, errorClass: ErrorClass): Pick<Told, "attempts" | "expected"> {
  if (tool.repeat === "never") return { attempts: 1, expected: inDoubt };
  if (tool.repeat === "reconcile") return { attempts: 1, expected: succeeded };
  const manner = manners[errorClass];
  if (manner === "backoff") return { attempts: 2, expected: succeeded };
  return {
    attempts: 1,
    expected: manner === "correct" ? inDoubt : { ...inDoubt, reason: "missingPermission" },
  };
}

const afterUnknown = { safe: "sent again", reconcile: "asked about", never: "left in doubt" } as const;

function unknownCases(subject: Subject, tell: Tell): Case[] {
  const { tool } = subject;
  const then = afterUnknown[tool.repeat];
  const unknown = (title: string, script: ToolScript, errorClass: ErrorClass, need: Need = {}): Case =>
    tell({ title: `${title}, ${then}`, script, applied: 1, ...unknownEnd(subject, errorClass), need });
  // The reply that was lost and the effect that is absent are told as a failure each.
  const settling = tool.repeat === "reconcile" ? { waitMs: tool.settlesWithinMs, failures: 2 } : {};
  return [
    unknown("it is applied, and the reply is lost", { modes: ["losesReply"] }, "internal"),
    unknown("it is applied, and answers with a 500", { modes: ["answers500"] }, "internal"),
    unknown("it is applied, and breaks", { modes: ["breaks"] }, "internal"),
    unknown("it is applied, and never answers", { modes: ["hangs"] }, "timeout", {
      activeMs: tool.timeoutMs,
    }),
    ...errorClasses.map((errorClass) =>
      unknown(
        `nobody can tell whether it was applied: ${errorClass}`,
        { modes: [{ unsure: errorClass, applied: true }] },
        errorClass,
      ),
    ),
    tell({
      title: `the request is lost, ${then}`,
      script: { modes: ["losesRequest"] },
      ...(tool.repeat === "never"
        ? { attempts: 1, applied: 0, expected: inDoubt }
        : { attempts: 2, applied: 1, need: settling }),
    }),
  ];
}

/** It can be asked what happened. */
function reconciled(subject: Subject, tell: Tell): Case[] {
  const { tool, rules } = subject;
  if (tool.repeat !== "reconcile") return [];
  const lost = { modes: ["losesReply"], reconciles: ["unknown"] } as const;
  return [
    tell({
      title: "it does not know at first what happened",
      script: lost,
      attempts: 1,
      applied: 1,
      need: { waitMs: backoffsMs(rules, 1) },
    }),
    ...(["unknown", "throws", "hangs"] as const).map((mode) =>
      tell({
        title: `it never says what happened: ${mode}`,
        script: { ...lost, reconcilesAfterwards: mode },
        attempts: 1,
        applied: 1,
        expected: inDoubt,
      }),
    ),
  ];
}

/** Only a person can say what happened, or a reply that comes after all. */
function settled({ tool, rules }: Subject, tell: Tell): Case[] {
  if (tool.repeat !== "never") return [];
  const lateMs = 1_000;
  const late = tell({
    title: "it answers after all, later than anybody waited",
    script: { modes: [{ afterMs: tool.timeoutMs + lateMs }] },
    attempts: 1,
    applied: 1,
    words: [{ waitMs: 2 * lateMs }, "resume"],
    need: { activeMs: tool.timeoutMs, waitMs: 2 * lateMs },
  });
  return [
    tell({
      title: "nobody resumes past the doubt",
      script: { modes: ["losesReply"] },
      attempts: 1,
      applied: 1,
      words: ["resume"],
      expected: { ...inDoubt, refused: 1 },
    }),
    tell({
      title: "a person settles the doubt as applied",
      script: { modes: ["losesReply"] },
      attempts: 1,
      applied: 1,
      words: ["settleApplied"],
    }),
    tell({
      title: "a person settles the doubt as absent",
      script: { modes: ["losesRequest"] },
      attempts: 2,
      applied: 1,
      words: ["settleAbsent"],
    }),
    ...(rules.escalate.parkTimeoutMs > 2 * lateMs ? [late] : []),
  ];
}

/** Retry-After, within what the contract waits for and beyond. */
function rateLimited({ rules }: Subject, tell: Tell): Case[] {
  const most = rules.retry.retryAfterMaxMs;
  const waitMs = Math.min(most, 5_000);
  return [
    tell({
      title: "a 429 is waited for as long as it says",
      script: { modes: [{ retryAfterMs: waitMs }] },
      attempts: 2,
      applied: 1,
      expected: { ...succeeded, tookMs: waitMs },
      need: { waitMs },
    }),
    tell({
      title: "a 429 asks for too long a wait",
      script: { modes: [{ retryAfterMs: most + 1 }] },
      attempts: 1,
      applied: 0,
      expected: escalated("retriesExhausted"),
    }),
  ];
}

/** How an effect can end, once it is dispatched. */
export function effectCases(contract: LoopContract, subject: Subject): Case[] {
  const { tool, route, isRead } = subject;
  if (isRead || route === null) return [];
  const tell = teller(contract, subject, route);
  const rejected = tell({
    title: "its proposal is rejected, and passes the second time",
    script: {},
    attempts: 1,
    applied: 1,
    need: { steps: 2 },
  });
  return [
    tell({ title: "it is applied", script: {}, attempts: 1, applied: 1 }),
    {
      ...rejected,
      script: {
        ...rejected.script,
        turns: [{ actions: [actionOf(subject)] }, { actions: [actionOf(subject)], ...done }],
        proposal: ["failed"],
      },
    },
    ...(tool.confirm === undefined
      ? []
      : [
          tell({
            title: "it is applied, and its post-condition does not hold",
            script: { confirms: false },
            attempts: 1,
            applied: 1,
            expected: escalated("notConfirmed"),
          }),
        ]),
    tell({
      title: "the run is aborted while it is sent",
      script: { modes: ["hangs"] },
      attempts: 1,
      applied: 1,
      expected: { status: "stopped", reason: "aborted" },
      words: [{ abortIn: "effect.committing" }],
    }),
    ...rateLimited(subject, tell),
    ...errorClasses.map((errorClass) => refusedCase(tell, errorClass)),
    ...unknownCases(subject, tell),
    ...reconciled(subject, tell),
    ...settled(subject, tell),
  ];
}
