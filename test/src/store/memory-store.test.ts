import { expect, it } from "vitest";
import { openMemoryStore } from "../../../src/store/index.ts";
import { storeCases } from "../../conformance/store.cases.ts";

storeCases("memory", openMemoryStore);

it("does not call itself durable", () => {
  expect(openMemoryStore()).toMatchObject({ kind: "memory", durable: false, location: "memory" });
});
