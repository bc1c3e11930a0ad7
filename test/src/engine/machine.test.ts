import { expect, it } from "vitest";
import { version } from "../../../src/base/version.ts";
import { chartOf, chartText } from "../../../src/engine/machine.ts";
import { loopOf } from "./stage.ts";

it("writes the chart as text: its states, and the version of this package", () => {
  const { machine, text } = chartOf(loopOf().rules);
  expect(chartText(machine)).toBe(text);
  expect(JSON.parse(text)).toMatchObject({
    version,
    structure: { id: "loop", states: { acting: {}, effect: {} } },
  });
});

it("is made once for the same rules, and equal for equal ones", () => {
  const { rules } = loopOf();
  expect(chartOf(rules)).toBe(chartOf(rules));
  expect(chartOf(loopOf().rules)).not.toBe(chartOf(rules));
  expect(chartOf(loopOf().rules).text).toBe(chartOf(rules).text);
});
