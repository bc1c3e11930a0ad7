import { describe, expect, it, vi } from "vitest";
import { type CommandAgentOptions, commandAgent } from "../../../src/agents/index.ts";
import { outputBytesMax } from "../../../src/base/limits.ts";
import { agentCases, settle, turnOf } from "../../conformance/agent.cases.ts";

type Command = CommandAgentOptions["command"];

/** A stand-in for an agent's program: it prints this text (or these records) and exits. */
const prints = (output: unknown, exitCode = 0): Command => [
  process.execPath,
  "-e",
  "process.stdout.write(process.argv[1]); process.exitCode = Number(process.argv[2])",
  typeof output === "string" ? output : JSON.stringify(output),
  String(exitCode),
];

const shell = (line: string): Command => ["sh", "-c", line];

const run = (options: CommandAgentOptions, more = {}) => settle(commandAgent(options), turnOf(more));

const claude = (more = {}) => ({
  type: "result",
  subtype: "success",
  is_error: false,
  result: 'Fixed.\n{"claim":"done","note":"fixed it"}',
  total_cost_usd: 0.5,
  usage: { input_tokens: 10, output_tokens: 5 },
  ...more,
});
const codex = [
  { type: "item.completed", item: { type: "agent_message", text: '{"claim":"stuck"}' } },
  { type: "turn.completed", usage: { input_tokens: 90, output_tokens: 10 } },
]
  .map((record) => JSON.stringify(record))
  .join("\n");

agentCases("commandAgent", {
  able: () => commandAgent({ command: prints(claude()) }),
  endless: () => commandAgent({ command: shell("trap '' TERM; setsid sleep 1000 & sleep 1000; :") }),
  failing: () => commandAgent({ command: shell("yes failure | head -c 3000000 >&2; sleep 1000 & exit 7") }),
});

describe("commandAgent", () => {
  it("gives the prompt on standard input, and on request as the last argument", async () => {
    expect(
      (await run({ command: ["cat"], parse: "text" }, { goal: "the goal" })).reply?.transcript,
    ).toContain("the goal");
    const { reply } = await run(
      { command: ["printf", "%s"], prompt: "argument", parse: "text" },
      { goal: "the\0goal" },
    );
    expect(reply?.transcript).toContain("the\ufffdgoal");
  });

  it("refuses a prompt that no argument can hold, naming the way out", async () => {
    const { thrown } = await run({ command: ["true"], prompt: "argument" }, { goal: "x".repeat(200_000) });
    expect(thrown).toMatchObject({
      failure: { errorClass: "invalidArguments", message: expect.stringContaining('prompt: "stdin"') },
      usage: { tokens: 0, costMicroUsd: 0 },
    });
  });

  it("works in the turn's directory", async () => {
    const turn = turnOf();
    const { reply } = await settle(commandAgent({ command: ["pwd"] }), turn);
    expect(reply?.transcript?.trim()).toBe(turn.request.directory);
    expect(turn.output.join("").trim()).toBe(turn.request.directory);
  });

  it("passes only the environment it was allowed, and what was set", async () => {
    vi.stubEnv("SECRET_KEY", "s3cret");
    vi.stubEnv("ALLOWED", "yes");
    const plain = await run({ command: ["env"] });
    expect(plain.reply?.transcript).not.toContain("s3cret");
    expect(plain.reply?.transcript).toContain("PATH=");
    const { reply } = await run({
      command: ["env"],
      env: ["PATH", "ALLOWED", "ABSENT"],
      set: { MODE: "auto" },
    });
    vi.unstubAllEnvs();
    expect(reply?.transcript).toMatch(/^ALLOWED=yes$/m);
    expect(reply?.transcript).toMatch(/^MODE=auto$/m);
    expect(reply?.transcript).not.toMatch(/^(HOME|ABSENT)=/m);
  });

  it("reads proposal and usage from an agent's JSON", async () => {
    const { reply } = await run({ command: prints(claude()) });
    expect(reply).toMatchObject({
      claim: "done",
      note: "fixed it",
      usage: { tokens: 15, costMicroUsd: 500_000 },
    });
  });

  it("notes what was said, without the proposal", async () => {
    const { reply } = await run({ command: prints('I fixed it.\n{"claim":"done"}\n') });
    expect(reply).toMatchObject({ claim: "done", note: "I fixed it." });
    expect((await run({ command: prints('{"claim":"done"}') })).reply).not.toHaveProperty("note");
  });

  it("charges tokens without a price at the stated price, else at the most of a turn, else as unknown", async () => {
    const command = prints(codex);
    const maxPerTurn = { tokens: 1_000, costMicroUsd: 70_000 };
    expect((await run({ command, maxPerTurn, usdPerMillionTokens: 2.5 })).reply?.usage).toEqual({
      tokens: 100,
      costMicroUsd: 250,
    });
    expect((await run({ command, maxPerTurn })).reply?.usage).toEqual({ tokens: 100, costMicroUsd: 70_000 });
    expect((await run({ command })).reply).toMatchObject({ claim: "stuck", usage: "unknown" });
  });

  it("lets the words of a model write no bill where they are declared as text", async () => {
    const command = prints(codex);
    expect((await run({ command, usdPerMillionTokens: 1, parse: "text" })).reply?.usage).toBe("unknown");
  });

  it("reads output as it is told to", async () => {
    const parse = (stdout: string) => ({
      text: stdout.toUpperCase(),
      usage: { tokens: 1, costMicroUsd: 2 },
      error: null,
    });
    expect((await run({ command: prints("did it"), parse })).reply).toMatchObject({
      note: "DID IT",
      usage: { tokens: 1 },
    });
    const broken = () => {
      throw new Error("cannot read");
    };
    expect((await run({ command: prints("x"), parse: broken })).thrown).toMatchObject({
      failure: { errorClass: "internal" },
    });
  });

  it("takes an answer without a proposal as a turn of edits alone", async () => {
    const { reply } = await run({ command: prints("I changed the parser.") });
    expect(reply).toEqual({
      note: "I changed the parser.",
      usage: "unknown",
      transcript: "I changed the parser.",
    });
  });

  it("takes no output at all as an empty turn", async () => {
    expect((await run({ command: ["true"] })).reply).toEqual({ usage: "unknown", transcript: "" });
  });

  it("refuses a malformed proposal, with what the turn used", async () => {
    const { thrown } = await run({ command: prints(claude({ result: '{"claim":"yes"}' })) });
    expect(thrown).toMatchObject({
      failure: { errorClass: "invalidArguments", message: expect.stringContaining("claim") },
      usage: { tokens: 15, costMicroUsd: 500_000 },
    });
  });

  it.each([
    {
      name: "fails with a rate limit",
      command: prints(claude({ is_error: true, result: "API Error: 429, retry-after: 7" }), 1),
      failure: { errorClass: "rateLimited", retryAfterMs: 7_000 },
    },
    {
      name: "reports an error under exit code 0",
      command: prints(claude({ is_error: true, result: "Overloaded" })),
      failure: { errorClass: "unavailable" },
    },
    {
      name: "fails without a word",
      command: shell("exit 3"),
      failure: { errorClass: "internal", message: expect.stringContaining("exit code 3") },
    },
    {
      name: "complains on standard error",
      command: shell("echo 'Invalid API key' >&2; exit 1"),
      failure: { errorClass: "unauthenticated" },
    },
    {
      name: "does not exist",
      command: ["no-such-agent"] as const,
      failure: { errorClass: "notFound", message: expect.stringContaining("no-such-agent") },
    },
    {
      name: "is killed",
      command: shell("kill -9 $$"),
      failure: { errorClass: "internal", message: expect.stringContaining("SIGKILL") },
    },
  ])("throws a typed failure when the program $name", async ({ command, failure }) => {
    expect((await run({ command })).thrown).toMatchObject({ failure });
  });

  it("throws a time-out at its own limit and at what the run has left", async () => {
    const command = shell("sleep 1000");
    expect((await run({ command, timeoutMs: 300 })).thrown).toMatchObject({
      failure: { errorClass: "timeout" },
    });
    const remaining = { ...turnOf().request.remaining, activeMs: 300 };
    expect((await run({ command }, { remaining })).thrown).toMatchObject({
      failure: { errorClass: "timeout" },
    });
  });

  it("bounds what a talkative agent says, and survives binary and terminal escapes", async () => {
    const loud = await run({ command: shell('head -c 50000000 /dev/zero; echo; echo \'{"claim":"done"}\'') });
    expect(loud.reply?.claim).toBe("done");
    expect(loud.reply!.transcript!.length).toBeLessThan(outputBytesMax + 1_000);
    expect(loud.reply!.note!.length).toBeLessThanOrEqual(300);
    const odd = await run({
      command: shell('head -c 100000 /dev/urandom; printf \'\\033[2J\\n{"claim":"stuck"}\''),
    });
    expect(odd.reply?.claim).toBe("stuck");
  });

  it("asks for a person where the sandbox it needs cannot be had", async () => {
    const turn = turnOf();
    const refuse = {
      field: "containment",
      code: "environment",
      fix: "apt-get install bubblewrap",
      message: "no sandbox",
    } as const;
    const { LoopwrightError } = await import("../../../src/base/errors.ts");
    const processes = { ...turn.context.processes, run: () => Promise.reject(new LoopwrightError(refuse)) };
    const agent = commandAgent({ command: ["true"], containment: "sandbox" });
    const { thrown } = await settle(agent, { ...turn, context: { ...turn.context, processes } });
    expect(thrown).toMatchObject({
      failure: { errorClass: "forbidden", message: expect.stringContaining("apt-get install bubblewrap") },
    });
  });

  it("names itself after its program and declares no containment of its own accord", () => {
    expect(commandAgent({ command: ["/usr/bin/claude"] })).toMatchObject({
      name: "claude",
      containment: "none",
    });
    expect(commandAgent({ command: ["claude"], name: "repair" }).name).toBe("repair");
  });
});
