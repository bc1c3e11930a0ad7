import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { oneLine, readProposal } from "../../../src/agents/proposal.ts";
import { turnBytesMax } from "../../../src/base/limits.ts";

const fenced = (json: string): string => `\`\`\`json\n${json}\n\`\`\``;
const done = { proposal: { claim: "done" }, words: expect.any(String) };

describe("readProposal", () => {
  it.each([
    { name: "a last line", text: 'I fixed it.\n{"claim":"done"}\n' },
    { name: "the only line", text: '{"claim":"done"}' },
    { name: "a line with words after it", text: '{"claim":"done"}\nThat is all.' },
    { name: "a fenced block", text: `Fixed.\n${fenced('{\n  "claim": "done"\n}')}\nBye.` },
    { name: "an indented fence without a language", text: '  ```\n  {"claim":"done"}\n  ```' },
    { name: "an object over several lines", text: 'Fixed.\n{\n  "claim": "done"\n}\nBye.' },
    { name: "lines of Windows", text: 'Fixed.\r\n{"claim":"done"}\r\n' },
    {
      name: "the last of several",
      text: `{"claim":"stuck"}\n${fenced('{"claim":"stuck"}')}\n{"claim":"done"}`,
    },
    { name: "a block after a line", text: `{"claim":"stuck"}\n${fenced('{"claim":"done"}')}` },
    {
      name: "a proposal before other JSON",
      text: `{"claim":"done"}\n{"other":1}\n${fenced('{"files":[]}')}`,
    },
  ])("finds $name", ({ text }) => {
    expect(readProposal(text)).toEqual(done);
  });

  it("reads actions with their input, a claim and a note on one line", () => {
    const text =
      '{"actions":[{"tool":"git.commit","input":{"message":"fix"}},{"tool":"ping"}],"note":"tried\\n  this"}';
    expect(readProposal(text)).toEqual({
      proposal: {
        actions: [
          { tool: "git.commit", input: { message: "fix" } },
          { tool: "ping", input: {} },
        ],
        note: "tried this",
      },
      words: "",
    });
  });

  it.each([
    "",
    "All done.",
    '{"other":1}',
    "{",
    "[]",
    'the "claim": "done" is mine',
    fenced("echo {"),
    "```json\n",
  ])("takes an answer without one as no proposal: %j", (text) => {
    expect(readProposal(text)).toEqual({ proposal: {}, words: text });
  });

  it.each([
    { name: "cut off", text: '{"actions":[{"tool":"git.commit","inp' },
    { name: "of another claim", text: '{"claim":"succeeded"}' },
    { name: "with a key that nobody knows", text: '{"claim":"done","force":true}' },
    { name: "with an action without a tool", text: '{"actions":[{"input":{}}]}' },
    { name: "with actions that are no list", text: '{"actions":{"tool":"x"}}' },
    { name: "too large", text: `{"note":"${"x".repeat(turnBytesMax)}"}` },
    { name: "too deep", text: `{"actions":[{"tool":"x","input":${"[".repeat(5_000)}${"]".repeat(5_000)}}]}` },
  ])("calls a proposal malformed that is $name", ({ text }) => {
    expect(readProposal(text)).toEqual({ malformed: expect.stringMatching(/./) });
  });

  it("takes no time over text made to be slow", () => {
    const startedAt = performance.now();
    for (const line of ["{\n", "{}\n", "```\n{\n", '{"claim":\n', "``` `\n", "\n{ \n"])
      readProposal(line.repeat(200_000));
    expect(performance.now() - startedAt).toBeLessThan(20_000);
  });

  it("survives any text", () => {
    const piece = fc.oneof(
      fc.string(),
      fc.constantFrom("```json\n", "```", "\n", "{", "}", '{"claim":"done"}', '"actions":', "[", "\r\n"),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
        const reading = readProposal(pieces.join(""));
        expect(["proposal", "malformed"].filter((name) => name in reading)).toHaveLength(1);
      }),
    );
  });

  it("finds what was proposed after any words", () => {
    const words = fc.string().map((text) => text.replaceAll(/[`{]/g, ""));
    const proposal = fc.record({
      claim: fc.constantFrom("done" as const, "stuck" as const),
      actions: fc.array(
        fc.record({ tool: fc.string({ minLength: 1 }), input: fc.jsonValue({ maxDepth: 3 }) }),
        { maxLength: 3 },
      ),
    });
    fc.assert(
      fc.property(words, proposal, (text, proposed) => {
        const json = JSON.stringify(proposed);
        const read = { proposal: JSON.parse(json), words: `${text}\n` };
        expect(readProposal(`${text}\n${json}`)).toEqual(read);
        expect(readProposal(`${text}\n${fenced(json)}`)).toEqual(read);
      }),
    );
  });
});

describe("oneLine", () => {
  it("folds white space and bounds the length", () => {
    expect(oneLine(" a\n\tb ")).toBe("a b");
    expect(oneLine("x".repeat(10_000)).length).toBe(300);
  });
});
