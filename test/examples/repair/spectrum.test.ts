import { describe, expect, it } from "vitest";
import type { CoverageRecord } from "../../../examples/repair/agent/coverage.ts";
import { ochiai, segmentAt, spectrumOf } from "../../../examples/repair/agent/spectrum.ts";

const record = (name: string, failed: boolean, ranges: CoverageRecord["files"][string]): CoverageRecord => ({
  kind: "test",
  name,
  failed,
  files: { "a.js": ranges },
});

describe("the spectrum", () => {
  const { failing, files } = spectrumOf([
    record("fails", true, [
      [0, 100, 1],
      [20, 40, 0],
    ]),
    record("passes", false, [
      [0, 100, 1],
      [60, 80, 0],
    ]),
  ]);

  it("lets an inner range overrule the range around it", () => {
    expect(segmentAt(files!["a.js"], 30)).toMatchObject({ failing: [], passing: 1 });
    expect(segmentAt(files!["a.js"], 70)).toMatchObject({ failing: [0], passing: 0 });
    expect(segmentAt(files!["a.js"], 50)).toMatchObject({ failing: [0], passing: 1 });
    expect(segmentAt(files!["a.js"], 100)).toMatchObject({ failing: [], passing: 0 });
    expect(failing).toEqual(["fails"]);
  });

  it("suspects most what only failing tests run through", () => {
    const at = (offset: number) => ochiai(segmentAt(files!["a.js"], offset), failing.length);
    expect(at(70)).toBe(1);
    expect(at(50)).toBeCloseTo(Math.SQRT1_2);
    expect(at(30)).toBe(0);
  });

  it("knows nothing where no failing test ran through any file", () => {
    expect(spectrumOf([])).toEqual({ failing: [], files: null });
    expect(spectrumOf([{ kind: "test", name: "fails", failed: true, files: {} }]).files).toBeNull();
  });

  it("takes processes where no test was told apart", () => {
    const process: CoverageRecord = { ...record("run", true, [[0, 9, 1]]), kind: "process" };
    expect(spectrumOf([record("passes", false, [[0, 9, 1]]), process]).failing).toEqual(["run"]);
  });

  it("stays small enough to be remembered", () => {
    const ranges = Array.from({ length: 3_000 }, (_, at): [number, number, number] => [
      at * 2,
      at * 2 + 1,
      1,
    ]);
    const many = Array.from({ length: 40 }, (_, file) => ({
      ...record("t", true, []),
      files: { [`${file}.js`]: ranges },
    }));
    expect(JSON.stringify(spectrumOf(many)).length).toBeLessThan(450_000);
  });
});
