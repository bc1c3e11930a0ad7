import { afterEach, expect, test, vi } from "vitest";
import { systemEnvironment } from "../../../src/cli/system.ts";

afterEach(() => vi.unstubAllEnvs());

test("has no colors under NO_COLOR, and has them where they are forced", () => {
  vi.stubEnv("NO_COLOR", "1");
  vi.stubEnv("FORCE_COLOR", "1");
  expect(systemEnvironment().color.red("x")).toBe("x");
  vi.stubEnv("NO_COLOR", "");
  expect(systemEnvironment().color.red("x")).not.toBe("x");
});

test("hears interrupts until it is told to stop listening", () => {
  const before = process.listenerCount("SIGTERM");
  const release = systemEnvironment().onInterrupt(() => {});
  expect(process.listenerCount("SIGTERM")).toBe(before + 1);
  release();
  expect(process.listenerCount("SIGTERM")).toBe(before);
});
