import { describe, expect, it } from "vitest";
import { parseOptions } from "../../../src/workspaces/options.ts";

describe("parseOptions", () => {
  it("refuses dirty checkouts, provides node_modules and clones by default", () => {
    expect(parseOptions({})).toEqual({ dirty: "refuse", provide: ["node_modules"], linked: false });
  });

  it.each([
    [{ dirty: "yes" }, "workspace.dirty"],
    [{ linked: 1 }, "workspace.linked"],
    [{ provide: "node_modules" }, "workspace.provide"],
    [{ provide: ["ok", "../out"] }, "workspace.provide.1"],
    [{ provide: ["/etc"] }, "workspace.provide.0"],
    [{ provide: ["a/../b"] }, "workspace.provide.0"],
    [{ provide: ["a/"] }, "workspace.provide.0"],
    [{ provide: ["."] }, "workspace.provide.0"],
    [{ provide: [""] }, "workspace.provide.0"],
    [{ provide: [".git"] }, "workspace.provide.0"],
    [{ provide: [".git/hooks"] }, "workspace.provide.0"],
    [{ unknown: 1 }, "workspace"],
    [null, "workspace"],
  ])("refuses %j, naming the field", (options, field) => {
    expect(() => parseOptions(options)).toThrow(expect.objectContaining({ code: "contract", field }));
  });

  it("takes paths below the project", () => {
    expect(parseOptions({ provide: ["packages/a/node_modules", ".gitcache", "..odd"] }).provide).toHaveLength(
      3,
    );
  });
});
