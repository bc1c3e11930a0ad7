import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import type { Tool, ToolContext } from "../../../src/ports/tool.ts";
import { defineTool, NotApplied, type ToolOptions } from "../../../src/tools/index.ts";

const context = { key: "run-1/1/0", runId: "run-1" } as ToolContext;

const options = {
  name: "mail.send",
  description: "Sends a mail.",
  input: z.object({ to: z.string() }),
  execute: async () => "sent",
} satisfies ToolOptions<z.ZodType>;

const define = (changes: object = {}): Tool => defineTool({ ...options, ...changes }) as Tool;
const input = { to: "ada" };

describe("defineTool", () => {
  it("assumes the worst of what is left out", () => {
    expect(define()).toMatchObject({
      effect: "destructive",
      repeat: "never",
      sensitivity: [],
      burnsKey: false,
      settlesWithinMs: 60_000,
      timeoutMs: 60_000,
    });
  });

  it("takes a read for repeat-safe, and nothing else", () => {
    expect(define({ effect: "read" }).repeat).toBe("safe");
    expect(define({ effect: "read", repeat: "never" }).repeat).toBe("never");
    expect(define({ effect: "write" }).repeat).toBe("never");
  });

  it("keeps what was declared, schema and questions included", () => {
    const declared = {
      effect: "write",
      repeat: "safe",
      sensitivity: ["money"],
      timeoutMs: 5,
      settlesWithinMs: 0,
      dedupe: () => "mail:1",
      inScope: () => true,
      permitted: () => false,
      confirm: async () => true,
    };
    expect(define(declared)).toMatchObject({ ...declared, name: "mail.send", input: options.input });
  });

  it("hands on input and context, and takes what comes back for the result", async () => {
    const seen: unknown[] = [];
    const execute = async (...given: unknown[]) => ({ id: seen.push(...given) });
    const tool = define({ execute });
    expect(await tool.execute(input, context)).toEqual({ outcome: "applied", result: { id: 2 } });
    expect(seen).toEqual([input, context]);
  });

  it("turns what execute throws into an outcome, also before it awaits anything", async () => {
    const failing = (error: unknown, effect = "write") =>
      define({
        effect,
        execute: () => {
          throw error;
        },
      }).execute(input, context);
    expect(await failing(new Error("lost"))).toMatchObject({
      outcome: "unknown",
      failure: { message: "lost" },
    });
    expect(await failing(new Error("lost"), "read")).toMatchObject({ outcome: "notApplied" });
    expect(await failing(new NotApplied("no"))).toMatchObject({
      outcome: "notApplied",
      failure: { message: "no" },
    });
  });

  it("never rejects, whatever execute and reconcile throw or return", async () => {
    const property = async (value: unknown, throws: boolean) => {
      const act = () => (throws ? Promise.reject(value) : Promise.resolve(value));
      const tool = define({ repeat: "reconcile", effect: "write", execute: act, reconcile: act });
      expect(["applied", "notApplied", "unknown"]).toContain((await tool.execute(input, context)).outcome);
      expect(["applied", "absent", "unknown"]).toContain((await tool.reconcile!(input, context)).found);
    };
    await fc.assert(fc.asyncProperty(fc.anything(), fc.boolean(), property));
  });

  it("does not believe that an effect is absent because asking failed", async () => {
    const asking = (reconcile: () => unknown) =>
      define({ repeat: "reconcile", reconcile }).reconcile!(input, context);
    const failed = asking(async () => {
      throw new NotApplied("nobody there", { errorClass: "unavailable" });
    });
    expect(await failed).toMatchObject({ found: "unknown", failure: { errorClass: "unavailable" } });
    expect(await asking(async () => undefined)).toMatchObject({ found: "unknown" });
    expect(await asking(async () => ({ found: "absent" }))).toEqual({ found: "absent" });
  });

  it("can be asked only where it was said how", () => {
    expect("reconcile" in define()).toBe(false);
  });

  it.each([
    ["name", { name: "has spaces" }],
    ["name", { name: "" }],
    ["name", { name: "1st" }],
    ["name", { name: "x".repeat(65) }],
    ["name", { name: undefined }],
    ["description", { description: "   " }],
    ["input", { input: { to: "string" } }],
    ["input", { input: undefined }],
    ["effect", { effect: "harmless" }],
    ["sensitivity.0", { sensitivity: ["secret"] }],
    ["repeat", { repeat: "always" }],
    ["reconcile", { repeat: "reconcile" }],
    ["burnsKey", { burnsKey: true }],
    ["timeoutMs", { timeoutMs: 0 }],
    ["timeoutMs", { timeoutMs: Number.POSITIVE_INFINITY }],
    ["timeoutMs", { timeoutMs: 8 * 24 * 60 * 60_000 }],
    ["settlesWithinMs", { settlesWithinMs: -1 }],
    ["execute", { execute: undefined }],
    ["execute", { execute: "curl" }],
    ["dedupe", { dedupe: "refund" }],
    ["permitted", { permitted: true }],
    ["confirm", { confirm: {} }],
    ["efect", { efect: "read" }],
  ])("refuses a wrong %s and says what to write", (field, changes) => {
    expect(() => define(changes)).toThrow(
      expect.objectContaining({
        code: "contract",
        field,
        message: expect.stringMatching(new RegExp(`^tool ".*": ${field}: `)),
        fix: expect.stringContaining("defineTool({"),
      }),
    );
  });

  it.each([undefined, null, "mail.send", []])("refuses %o in place of a declaration", (given) => {
    expect(() => defineTool(given as never)).toThrow(expect.objectContaining({ code: "contract" }));
  });
});
