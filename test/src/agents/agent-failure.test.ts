import { describe, expect, it } from "vitest";
import { Failure } from "../../../guards/retry.ts";
import { AgentFailure, asAgentFailure } from "../../../src/agents/index.ts";
import { messageCharsMax } from "../../../src/base/limits.ts";

describe("AgentFailure", () => {
  it("carries a failure as the chart knows it", () => {
    const { failure, usage } = new AgentFailure({
      errorClass: "rateLimited",
      message: "slow down",
      retryAfterMs: 5_000,
    });
    expect(Failure.parse(failure)).toEqual({
      errorClass: "rateLimited",
      message: "slow down",
      retryAfterMs: 5_000,
    });
    expect(usage).toBe("unknown");
    expect(new AgentFailure({ errorClass: "internal", message: "x" }).failure.retryAfterMs).toBeNull();
  });

  it("bounds its message", () => {
    const { failure } = new AgentFailure({ errorClass: "internal", message: "x".repeat(1_000_000) });
    expect(failure.message.length).toBeLessThanOrEqual(messageCharsMax);
  });
});

describe("asAgentFailure", () => {
  it("keeps an AgentFailure and wraps everything else", () => {
    const failure = new AgentFailure({ errorClass: "timeout", message: "late" });
    expect(asAgentFailure(failure)).toBe(failure);
    const error = new TypeError("boom");
    expect(asAgentFailure(error)).toMatchObject({
      failure: { errorClass: "internal", message: "boom" },
      cause: error,
    });
    expect(asAgentFailure("text")).toMatchObject({ failure: { message: "text" } });
  });

  it("knows one from another copy of the package", () => {
    const failure = { errorClass: "timeout", message: "late", retryAfterMs: null };
    const foreign = Object.assign(new Error("late"), {
      [Symbol.for("loopwright.agentFailure")]: true,
      failure,
      usage: "unknown",
    });
    expect(asAgentFailure(foreign)).toBe(foreign);
  });
});
