import { expect, it } from "vitest";
import { no, unreachable, yes } from "../../guards/decision.ts";

it("says yes with nothing more", () => {
  expect(yes).toEqual({ ok: true, value: null });
});

it("says no with a reason", () => {
  expect(no("tooOld")).toEqual({ ok: false, reason: "tooOld" });
});

it("throws where the types say that nothing can come", () => {
  expect(() => unreachable("surprise" as never)).toThrow("surprise");
});
