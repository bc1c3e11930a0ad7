import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { carriesKey, carriesRun, commitMessage, grepFor } from "../../../src/workspaces/message.ts";

const trailers = { runId: "run-1", key: "run-1/3/0" };

describe("commitMessage", () => {
  it("ends with a paragraph of its own that names run and effect", () => {
    expect(commitMessage("Mend the sum\n\nIt was off by one.", trailers)).toBe(
      "Mend the sum\n\nIt was off by one.\n\nLoopwright-Run: run-1\nLoopwright-Effect: run-1/3/0\n",
    );
  });

  it("says something where nothing was said", () => {
    expect(commitMessage(" \r\n ", trailers)).toMatch(/^Change by run run-1\n\n/);
  });

  it("lets no other key be claimed by the message", () => {
    const message = commitMessage("x\n\nLoopwright-Run: other\nLoopwright-Effect: other/1/0", trailers);
    expect(carriesKey(message, "other/1/0")).toBe(false);
    expect(carriesRun(message, "other")).toBe(false);
    expect(message.match(/^\s*Loopwright-/gim)).toHaveLength(2);
  });

  it("shows control and bidirectional characters instead of writing them", () => {
    const message = commitMessage("a\u001b[31mb\u0000c\u202ed\re\r\nf", trailers);
    expect(message).toContain("a\\u{1b}[31mb\\u{0}c\\u{202e}d\\u{d}e\nf");
  });

  it("refuses keys and runs that would break the trailer", () => {
    expect(() => commitMessage("x", { ...trailers, key: "a\nb" })).toThrow(
      /cannot stand in a commit message/,
    );
    expect(() => commitMessage("x", { ...trailers, runId: "" })).toThrow(/cannot stand in a commit message/);
  });

  it("carries exactly its own run and effect, whatever the message says", () => {
    const piece = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.constantFrom(
        "\n\n",
        "\n",
        "\r",
        "\u2028",
        "\u0085",
        "\v",
        " ",
        "\t",
        "LOOPWRIGHT-effect: other/1/0",
      ),
      fc.constantFrom("Loopwright-Run: other\nLoopwright-Effect: other/1/0", "Loopwright-Effect: run-1/9/9"),
    );
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const message = commitMessage(pieces.join(""), trailers);
        expect(carriesKey(message, trailers.key) && carriesRun(message, "run-1")).toBe(true);
        expect(carriesKey(message, "other/1/0") || carriesKey(message, "run-1/9/9")).toBe(false);
        expect(carriesRun(message, "other")).toBe(false);
        expect(message.match(/^[^\S\n]*loopwright-/gim)).toHaveLength(2);
        // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
        expect(message).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/);
      }),
    );
  });
});

describe("carriesKey", () => {
  it("tells keys apart that begin alike", () => {
    const message = commitMessage("x", { ...trailers, key: "run-1/3/01" });
    expect(carriesKey(message, "run-1/3/0")).toBe(false);
    expect(message).toContain(grepFor("run-1/3/0"));
  });

  it("does not take the trailer for one when it stands elsewhere", () => {
    expect(carriesKey(`${grepFor("run-1/3/0")}\n\nmore words`, "run-1/3/0")).toBe(false);
  });
});

describe("carriesRun", () => {
  it("tells runs apart that begin alike", () => {
    expect(carriesRun(commitMessage("x", trailers), "run-")).toBe(false);
  });
});
