import { describe, expect, it } from "vitest";
import { z } from "zod";
import { functionOf, Glob, InsidePath, parseOptions } from "../../../src/verifiers/options.ts";

describe("parseOptions", () => {
  const schema = z.strictObject({ inner: z.strictObject({ limit: z.int().default(3) }) });

  it("fills in defaults", () => {
    expect(parseOptions("v", schema, { inner: {} })).toEqual({ inner: { limit: 3 } });
  });

  it("names verifier and field of what is wrong, and the way out", () => {
    expect(() => parseOptions("v", schema, { inner: { limit: "x" } })).toThrow(
      expect.objectContaining({
        code: "contract",
        field: "v.inner.limit",
        fix: expect.stringContaining("inner.limit"),
      }),
    );
  });

  it("names the verifier when there are no options at all", () => {
    expect(() => parseOptions("v", schema, 3)).toThrow(expect.objectContaining({ field: "v" }));
  });
});

describe("InsidePath", () => {
  it.each(["a", "a/b.xml", ".vitest/x", "..a/b"])("takes %j", (path) => {
    expect(InsidePath.safeParse(path).success).toBe(true);
  });
  it.each(["", "/a", "..", "a/../b", "a\\b"])("refuses %j", (path) => {
    expect(InsidePath.safeParse(path).success).toBe(false);
  });
});

describe("Glob", () => {
  it.each(["**", "src/**/*.ts", "{a,b}/*", "[id].ts"])("takes %j", (glob) => {
    expect(Glob.safeParse(glob).success).toBe(true);
  });
  it.each(["", "!a", "a/", "/a", "../a"])("refuses %j", (glob) => {
    expect(Glob.safeParse(glob).success).toBe(false);
  });
});

describe("functionOf", () => {
  it("takes functions only", () => {
    expect(functionOf().safeParse(() => 1).success).toBe(true);
    expect(functionOf().safeParse("() => 1").success).toBe(false);
  });
});
