import { expect, it } from "vitest";
import { callNames } from "../../../machines/events.ts";
import { openSession, partsOf } from "../../../src/engine/parts.ts";
import { loopOf, sender, sending } from "./stage.ts";

const record = { id: "run", goal: "g", directory: "/project", scratch: "/scratch" } as never;
const execute = (tool: string, text: unknown) =>
  ({ action: { ...sending(text as string), tool, digest: "d" } }) as never;

it("opens the workspace of the contract for this run, or none", async () => {
  const asked: unknown[] = [];
  const workspace = { kind: "fake", open: async (request: unknown) => void asked.push(request) };
  expect(await openSession(loopOf(), record)).toBeNull();
  await openSession(loopOf({ workspace: workspace as never }), record);
  expect(asked).toEqual([{ runId: "run", directory: "/project", scratch: "/scratch" }]);
});

it("has a performer for every call, and the business key of an effect", () => {
  const tools = [sender([], { dedupe: ({ text }: { text: string }) => `k:${text}` })];
  const { performers, businessKeyOf } = partsOf({} as never, loopOf({ tools }), null, record);
  expect(Object.keys(performers).sort()).toEqual([...callNames].sort());
  expect(businessKeyOf(execute("send", "a"))).toBe("k:a");
  expect(businessKeyOf(execute("gone", "a"))).toBeNull();
  expect(() => businessKeyOf(execute("send", 7))).toThrow();
});
