import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cleanOutput, stableLines, withoutPath } from "../../../src/verifiers/output.ts";

describe("cleanOutput", () => {
  it("joins both streams without escapes and without the checkout's path", () => {
    const result = {
      stdout: "\u001b[31m/tmp/x1/a.ts: wrong\u001b[0m\n",
      stderr: "see file:///tmp/x1/b.ts\n",
    };
    expect(cleanOutput(result, "/tmp/x1")).toBe("./a.ts: wrong\n\nsee ./b.ts");
  });

  it("leaves nothing of a stream that said nothing", () => {
    expect(cleanOutput({ stdout: " \n", stderr: "x" }, "/tmp/x1")).toBe("x");
  });
});

describe("withoutPath", () => {
  it("writes the path as a dot wherever it stands", () => {
    expect(withoutPath("/tmp/x1 and /tmp/x1/a", "/tmp/x1")).toBe(". and ./a");
  });
});

describe("stableLines", () => {
  it.each([
    ["done in 12 ms", "done in 3.5 s"],
    ["at 2026-01-02T03:04:05.678Z", "at 2027-11-12 13:14:15"],
    ["[10:11:12] start", "[20:21:22] start"],
    ["duration_ms: 12.5", "duration_ms: 7"],
    ["cannot read /tmp/a1b2/x", "cannot read /tmp/c3d4/y"],
    ["pointer 0x7ffe12", "pointer 0x55aa"],
    ["id 0b9c2d1e-1111-2222-3333-444455556666", "id 1b9c2d1e-1111-2222-3333-444455556667"],
    ["(node:123) Warning", "(node:4567) Warning"],
    ["b\na\n", "a\r\nb\r\na"],
  ])("takes %j and %j for the same", (first, second) => {
    expect(stableLines(first)).toEqual(stableLines(second));
  });

  it.each([
    ["src/a.ts(3,5): error", "src/a.ts(4,5): error"],
    ["expected 3", "expected 4"],
    ["error TS2304", "error TS2305"],
    ["3 failed", "4 failed"],
  ])("tells %j from %j", (first, second) => {
    expect(stableLines(first)).not.toEqual(stableLines(second));
  });

  it("does not depend on the order of lines", () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (lines) => {
        expect(stableLines(lines.join("\n"))).toEqual(stableLines([...lines].reverse().join("\n")));
      }),
    );
  });
});
