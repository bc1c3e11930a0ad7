import { afterEach, describe, expect, it, vi } from "vitest";
import { hostMark, inheritedMarks, markEnv, newToken, runMark } from "../../../src/process/mark.ts";

const environmentText = (env: Record<string, string>): string =>
  `\0${Object.entries(env)
    .map(([name, value]) => `${name}=${value}\0`)
    .join("")}`;

describe("marks", () => {
  afterEach(() => void vi.unstubAllEnvs());

  it("finds a run's processes by host and by run, and no others", () => {
    const [host, run, other] = [newToken(), newToken(), newToken()];
    const text = environmentText({ PATH: "/bin", ...markEnv(host, run), HOME: "/" });
    expect(text).toContain(hostMark(host));
    expect(text).toContain(runMark(host, run));
    expect(text).not.toContain(runMark(host, other));
    expect(text).not.toContain(hostMark(other));
  });

  it("makes a new token each time", () => {
    expect(newToken()).not.toBe(newToken());
  });

  it("hands on the marks that this process carries, and nothing else", () => {
    const mark = markEnv(newToken(), newToken());
    const [name] = Object.keys(mark);
    vi.stubEnv(name!, mark[name!]);
    vi.stubEnv("LOOPWRIGHT_OTHER", "1");
    expect(inheritedMarks()).toMatchObject(mark);
    expect(Object.keys(inheritedMarks()).every((key) => key.startsWith("LOOPWRIGHT_TREE_"))).toBe(true);
  });
});
