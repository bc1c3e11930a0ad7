import { describe, expect, it } from "vitest";
import { classify } from "../../../src/agents/failure-class.ts";

describe("classify", () => {
  it.each([
    ['API Error: 429 {"type":"rate_limit_error"}', "rateLimited"],
    ["You exceeded your quota: insufficient_quota (429)", "forbidden"],
    ["API Error 529: Overloaded", "unavailable"],
    ["HTTP 503", "unavailable"],
    ["read ECONNRESET", "unavailable"],
    ["Invalid API key · Please run /login", "unauthenticated"],
    ["status code 401", "unauthenticated"],
    ["error: 403", "forbidden"],
    ["TypeError: x is not a function at line 401", "internal"],
    ["failed at character 500", "internal"],
    ["", "internal"],
  ])("reads %j as %s", (text, errorClass) => {
    expect(classify(text).errorClass).toBe(errorClass);
  });

  it.each([
    ["429, retry-after: 20", 20_000],
    ['{"retry_after": "1.5"}', 1_500],
    ["Please try again in 250ms.", 250],
    ["Please try again in 2m", 120_000],
    ["Please try again in 3s", 3_000],
  ])("reads how long %j asks to wait", (text, retryAfterMs) => {
    expect(classify(text).retryAfterMs).toBe(retryAfterMs);
  });

  it("reads no wait where none is asked for, and none that is not finite", () => {
    expect(classify("overloaded")).toEqual({ errorClass: "unavailable" });
    expect(Number.isFinite(classify(`retry-after: ${"9".repeat(500)}`).retryAfterMs)).toBe(true);
  });
});
