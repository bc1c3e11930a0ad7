import { describe, expect, it } from "vitest";
import { assign } from "xstate";
import { mayDispatch } from "../../guards/effect.ts";
import type { createLoopMachine } from "../../machines/loop.ts";
import { LoopRules } from "../../machines/rules.ts";
import type { Driven, RulesInput } from "../helpers/driving.ts";
import { start } from "../machines/stories/tools.ts";
import { createWatch, monitors, type Seen } from "./monitors.ts";

// A monitor that cannot be violated proves nothing: each is shown a chart with a fault planted, and must name it.

type Faults = Parameters<ReturnType<typeof createLoopMachine>["provide"]>[0];

const faulty = (faults: Faults, rules: RulesInput = {}): Driven =>
  start(rules, {
    provide: (machine) => (machine as ReturnType<typeof createLoopMachine>).provide(faults) as never,
  });
const gate = (faults: Faults, tools: readonly string[]): Driven => faulty(faults).acts({ tools }).verifies();
const anything: Faults = { guards: { mayDispatch: () => true } };

describe("the four holes of the prototype", () => {
  it("sees a resume past a doubt", () => {
    const run = gate({ guards: { mayResume: () => true, isInDoubt: () => false } }, ["write"])
      .assesses()
      .losesReply();
    expect(() => run.resumes()).toThrow("doubtHeld");
  });

  it("sees a doubt that an escalation forgot", () => {
    const run = gate({ actions: { escalate: assign({ doubt: null }) } }, ["write"])
      .assesses()
      .losesReply();
    expect(() => run.resumes()).toThrow("doubtHeld");
  });

  it("sees an applied action proposed and run again", () => {
    const forgetful: Faults = {
      guards: {
        mayDispatch: (_, gated) => mayDispatch({ ...gated, facts: { ...gated.facts, appliedBefore: null } }),
      },
    };
    const run = gate(forgetful, ["write", "drop"]).assesses().applies().confirms().assesses().denies();
    run.acts({ tools: ["write"] }).verifies();
    expect(() => run.assesses({ appliedBefore: "run/1/0" })).toThrow(/appliedOnce|approved/);
  });

  it("sees success without a check of the final state", () => {
    const run = faulty({ guards: { isGoalReached: (_, { result }) => result === "passed" } }).acts({
      tools: ["write"],
    });
    expect(() => run.verifies()).toThrow("provedSuccess");
  });
});

describe("the other monitors", () => {
  it("see a dispatch on a stale verdict, without approval, and of what may not run", () => {
    expect(() => gate(anything, ["write"]).assesses({ tree: "T2" })).toThrow("freshVerdict");
    expect(() => gate(anything, ["drop"]).assesses()).toThrow("approved");
    expect(() => gate(anything, ["write"]).assesses({ inScope: false })).toThrow("gated");
    expect(() =>
      faulty({ guards: { mayObserve: () => true } })
        .acts({ tools: ["read"] })
        .assesses({ policy: "forbid" }),
    ).toThrow("gated");
  });

  it("see a grant used twice", () => {
    const run = gate({}, ["drop"]).assesses();
    const grants = [run.grant()];
    run.grants(grants).assesses({ grants }).verifies().assesses({ grants }).refuses("unavailable").timesOut();
    // A ledger that forgot that the grant was used.
    expect(() => run.assesses({ grants })).toThrow("grantsUsedOnce");
  });

  it("see a limit passed", () => {
    const run = faulty({ guards: { isAtLimit: () => false } }, { limits: { steps: 1 } }).acts({
      changed: true,
    });
    expect(() => run.verifies()).toThrow("withinLimits");
  });

  it("see an abort and a halt that are ignored", () => {
    const aborted = gate({ guards: { isAborted: () => false } }, ["write"])
      .assesses()
      .aborts()
      .applies();
    expect(() => aborted.confirms()).toThrow("abortEnds");
    const halted = faulty({ guards: { isHalted: () => false } })
      .acts({ changed: true })
      .halts();
    expect(() => halted.verifies()).toThrow("haltHolds");
  });

  it("see two calls at once, an id used again, and a call after the end", () => {
    const rules = LoopRules.parse({});
    const seen = (calls: readonly string[], outcome: Seen["outcome"] = null): Seen => ({
      event: { type: "host.recovered" },
      at: 0,
      from: "acting",
      state: "acting",
      calls: calls.map((callId) => ({ name: "confirm", callId, input: {} })),
      outcome,
    });
    const ended = { status: "stopped" as const, reason: "aborted" as const, detail: null, at: 0 };
    expect(() => createWatch(rules)(seen(["1", "2"]))).toThrow("oneCall");
    expect(() => createWatch(rules)(seen(["1"], ended))).toThrow("oneCall");
    const watch = createWatch(rules);
    watch(seen(["1"]));
    expect(() => watch(seen(["1"]))).toThrow("oneCall");
  });

  it("are all named once", () => {
    expect(new Set(monitors.map(({ name }) => name)).size).toBe(monitors.length);
  });
});
