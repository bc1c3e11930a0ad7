import { afterEach, describe, expect, it, vi } from "vitest";
import { environment } from "../../../src/verifiers/environment.ts";

afterEach(() => {
  vi.unstubAllEnvs();
});

describe("environment", () => {
  it("passes what programs need, and what was named", () => {
    vi.stubEnv("PATH", "/bin");
    vi.stubEnv("NPM_TOKEN", "secret");
    vi.stubEnv("DATABASE", "test");
    expect(environment(["DATABASE"])).toMatchObject({
      PATH: "/bin",
      CI: "1",
      NO_COLOR: "1",
      DATABASE: "test",
    });
    expect(environment([])).not.toHaveProperty("NPM_TOKEN");
    expect(environment(["NOT_SET_ANYWHERE"])).not.toHaveProperty("NOT_SET_ANYWHERE");
  });

  it("keeps a test runner from taking itself for the child of another", () => {
    vi.stubEnv("NODE_TEST_CONTEXT", "child-v8");
    expect(environment([])).not.toHaveProperty("NODE_TEST_CONTEXT");
  });
});
