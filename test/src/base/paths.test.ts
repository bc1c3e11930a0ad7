import { afterEach, expect, it, vi } from "vitest";
import { defaultStoreFile, runScratch, stateDirectory } from "../../../src/base/paths.ts";

afterEach(() => vi.unstubAllEnvs());

it("follows XDG_STATE_HOME, and ignores a relative one as the specification says", () => {
  vi.stubEnv("HOME", "/home/me");
  vi.stubEnv("XDG_STATE_HOME", "/state");
  expect(stateDirectory()).toBe("/state/loopwright");
  vi.stubEnv("XDG_STATE_HOME", "state");
  expect(stateDirectory()).toBe("/home/me/.local/state/loopwright");
});

it("takes the store from LOOPWRIGHT_STORE first", () => {
  vi.stubEnv("XDG_STATE_HOME", "/state");
  expect(defaultStoreFile()).toBe("/state/loopwright/loopwright.db");
  vi.stubEnv("LOOPWRIGHT_STORE", "/elsewhere.db");
  expect(defaultStoreFile()).toBe("/elsewhere.db");
});

it("says what to do when there is no home", () => {
  vi.stubEnv("HOME", "");
  vi.stubEnv("XDG_STATE_HOME", "");
  expect(() => stateDirectory()).toThrow("HOME is not set");
});

it("gives each run a directory of its own", () => {
  expect(runScratch("r", "/state/loopwright")).toBe("/state/loopwright/runs/r");
});
