import { homedir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { isLoopwrightError } from "../../../src/base/errors.ts";
import { defaultStoreFile, runScratch, stateDirectory } from "../../../src/base/paths.ts";

const inEnvironment = (values: Record<string, string | undefined>) => {
  for (const name of ["HOME", "XDG_STATE_HOME", "LOOPWRIGHT_STORE"]) vi.stubEnv(name, values[name]);
};

afterEach(() => vi.unstubAllEnvs());

describe("the state directory", () => {
  it("lies under XDG_STATE_HOME", () => {
    inEnvironment({ HOME: "/home/ann", XDG_STATE_HOME: "/var/state" });
    expect(stateDirectory()).toBe("/var/state/loopwright");
  });

  it.each([undefined, "", "state", "./state", "~/state"])(
    "ignores XDG_STATE_HOME when it is %o",
    (XDG_STATE_HOME) => {
      inEnvironment({ HOME: "/home/ann", XDG_STATE_HOME });
      expect(stateDirectory()).toBe("/home/ann/.local/state/loopwright");
    },
  );

  it("takes the user's home from the system when HOME is not set", () => {
    inEnvironment({});
    expect(stateDirectory()).toBe(join(homedir(), ".local", "state", "loopwright"));
  });

  it.each(["", "somewhere"])("is refused when HOME is %o, with what to set", (HOME) => {
    inEnvironment({ HOME });
    const error = (() => {
      try {
        return stateDirectory();
      } catch (thrown) {
        return thrown;
      }
    })();
    expect(isLoopwrightError(error)).toBe(true);
    expect(error).toMatchObject({
      code: "environment",
      field: "HOME",
      fix: expect.stringContaining("XDG_STATE_HOME"),
    });
  });

  it("needs no HOME where XDG_STATE_HOME says enough", () => {
    inEnvironment({ HOME: "", XDG_STATE_HOME: "/var/state" });
    expect(stateDirectory()).toBe("/var/state/loopwright");
  });
});

describe("the store's file", () => {
  it("lies in the state directory", () => {
    inEnvironment({ HOME: "/home/ann" });
    expect(defaultStoreFile()).toBe("/home/ann/.local/state/loopwright/loopwright.db");
  });

  it("is what LOOPWRIGHT_STORE says, without any HOME", () => {
    inEnvironment({ HOME: "", LOOPWRIGHT_STORE: "runs.db" });
    expect(defaultStoreFile()).toBe("runs.db");
  });

  it("takes an empty LOOPWRIGHT_STORE for none", () => {
    inEnvironment({ HOME: "/home/ann", LOOPWRIGHT_STORE: "" });
    expect(defaultStoreFile()).toBe("/home/ann/.local/state/loopwright/loopwright.db");
  });
});

describe("the scratch directory of a run", () => {
  it("is its own, under the state directory", () => {
    expect([runScratch("a", "/s"), runScratch("b.2", "/s")]).toEqual(["/s/runs/a", "/s/runs/b.2"]);
  });

  it.each(["", "..", "../../home", "a/b", "/etc", ".hidden", "a\u0000b", "x".repeat(65)])(
    "is refused to the id %o",
    (id) => {
      expect(() => runScratch(id, "/s")).toThrow(/cannot be the id of a run/);
    },
  );
});
