import { expect, it } from "vitest";
import { finish } from "../../actions/outcome.ts";
import { OutcomeReason } from "../../actions/state.ts";
import { changed, memory } from "../helpers/memory.ts";

it("calls only a proved goal and an answered call a success", () => {
  const succeeded = OutcomeReason.options.filter(
    (reason) =>
      changed(memory(), (state) => finish(state, { reason, detail: null, now: 1 })).outcome?.status ===
      "succeeded",
  );
  expect(succeeded).toEqual(["goal", "answered"]);
});

it("keeps what is in doubt", () => {
  const doubt = { key: "run/1/0", attempts: [1], at: 1 };
  const ended = changed(memory({ doubt }), (state) =>
    finish(state, { reason: "aborted", detail: "enough", now: 9 }),
  );
  expect(ended).toMatchObject({
    doubt,
    outcome: { status: "stopped", reason: "aborted", detail: "enough", at: 9 },
  });
});
