import { expectTypeOf, it } from "vitest";
import { z } from "zod";
import type { Tool, ToolContext } from "../../src/ports/tool.ts";
import { defineTool, gitCommit, shell } from "../../src/tools/index.ts";

// A tool's functions take what its schema gives out; nobody writes that type a second time.

const said = { name: "mail.send", description: "Sends a mail." };
const input = z.object({ to: z.string(), copies: z.string().transform(Number).default(1) });
type Mail = { to: string; copies: number };

it("gives every function the input as the schema leaves it", () => {
  const tool = defineTool({
    ...said,
    input,
    effect: "write",
    repeat: "reconcile",
    execute: async (mail, context) => {
      expectTypeOf(mail).toEqualTypeOf<Mail>();
      expectTypeOf(context).toEqualTypeOf<ToolContext>();
      return mail.copies;
    },
    dedupe: (mail) => `mail:${mail.to}`,
    inScope: ({ to }) => to.endsWith("@example.org"),
    permitted: async ({ copies }) => copies < 3,
    reconcile: async (mail) => {
      expectTypeOf(mail).toEqualTypeOf<Mail>();
      return { found: "absent" };
    },
    confirm: async (mail) => mail.copies > 0,
  });
  expectTypeOf(tool).toEqualTypeOf<Tool<Mail>>();
});

it("knows what the tools of this package take", () => {
  expectTypeOf(gitCommit({ branch: (runId) => `fix/${runId}` })).toEqualTypeOf<Tool<{ message: string }>>();
  expectTypeOf(shell()).toEqualTypeOf<Tool<{ command: string; timeoutMs?: number | undefined }>>();
});

it("refuses what is not declared so", () => {
  const execute = async () => "sent";
  // @ts-expect-error: a tool takes something
  defineTool({ ...said, execute });
  // @ts-expect-error: a tool does something
  defineTool({ ...said, input });
  // @ts-expect-error: no such kind of effect
  defineTool({ ...said, input, execute, effect: "harmless" });
  // @ts-expect-error: no such field
  defineTool({ ...said, input, execute, efect: "read" });
  // @ts-expect-error: the input has no such field
  defineTool({ ...said, input, execute, dedupe: ({ from }) => from });
  // @ts-expect-error: no such finding
  defineTool({ ...said, input, execute, reconcile: async () => ({ found: "maybe" }) });
});
