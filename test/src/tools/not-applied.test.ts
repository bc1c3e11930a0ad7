import { describe, expect, it } from "vitest";
import { isNotApplied, NotApplied } from "../../../src/tools/index.ts";

describe("NotApplied", () => {
  it("is an error that says what kind of failure it was, and what to wait for", () => {
    const cause = new Error("below");
    const error = new NotApplied("slow down", { errorClass: "rateLimited", retryAfterMs: 5_000, cause });
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({ name: "NotApplied", message: "slow down", cause });
    expect(error).toMatchObject({ errorClass: "rateLimited", retryAfterMs: 5_000 });
  });

  it("is an internal failure without a time where nothing is said", () => {
    expect(new NotApplied("no")).toMatchObject({ errorClass: "internal", retryAfterMs: null });
    expect("cause" in new NotApplied("no")).toBe(false);
  });
});

describe("isNotApplied", () => {
  it("knows one from another copy of the package, and nothing that only looks like one", () => {
    const foreign = { [Symbol.for("loopwright.notApplied")]: true, message: "no" };
    expect([new NotApplied("no"), foreign].map(isNotApplied)).toEqual([true, true]);
    const other = Object.assign(new Error("no"), { name: "NotApplied", errorClass: "internal" });
    expect([other, null, undefined, "NotApplied", () => {}].map(isNotApplied)).not.toContain(true);
  });
});
