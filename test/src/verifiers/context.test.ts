import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openContext } from "../../../src/verifiers/context.ts";
import { memoryOf, openProject, type Project, requestOf } from "../../helpers/verifying.ts";

let project: Project;
beforeEach(() => {
  project = openProject({ "a.txt": "a" });
});
afterEach(() => project.close());

const open = (verifier = "check", signal = new AbortController().signal) => {
  const base = project.snapshot();
  return openContext({
    session: project.session(base),
    processes: project.processes,
    remembered: memoryOf(project.remembered),
    verifier,
    request: requestOf(project.write({ "b.txt": "b" }), base),
    signal,
    onOutput: () => {},
  });
};

describe("openContext", () => {
  it("tells what changed since the base", async () => {
    const { context } = open();
    expect(await context.changes()).toMatchObject([{ kind: "added", path: "b.txt" }]);
  });

  it("measures a value once for a run and verifier", async () => {
    let measured = 0;
    const measure = async () => ++measured;
    expect(await open().context.remember("count", measure)).toBe(1);
    expect(await open().context.remember("count", measure)).toBe(1);
    expect(await open("other").context.remember("count", measure)).toBe(2);
  });

  it("remembers a measured null", async () => {
    await open().context.remember("count", async () => null);
    expect(await open().context.remember<number | null>("count", async () => 1)).toBeNull();
  });

  it("remembers nothing that was measured while being aborted", async () => {
    const aborted = new AbortController();
    const measuring = open("check", aborted.signal).context.remember("count", async () => {
      aborted.abort(new Error("stopped"));
      return 1;
    });
    await expect(measuring).rejects.toThrow("stopped");
    expect(project.remembered.size).toBe(0);
  });

  it("says what is missing without a workspace", async () => {
    const { context } = openContext({
      session: null,
      processes: project.processes,
      remembered: memoryOf(new Map()),
      verifier: "check",
      request: requestOf(null, null),
      signal: new AbortController().signal,
      onOutput: () => {},
    });
    await expect(context.changes()).rejects.toThrow("workspace");
    await expect(context.checkout()).rejects.toThrow("workspace");
  });

  it("disposes of all checkouts, and tells no output after its end", async () => {
    const { context, close } = open();
    await Promise.all([context.checkout(), context.checkout()]);
    expect(project.open.size).toBe(2);
    await close();
    expect(project.open.size).toBe(0);
  });
});
