import { describe, expect, it } from "vitest";
import { eventsOf, stageHost, stores } from "./stage.ts";

describe.each(stores)("a host over the %s store", (_name, open) => {
  it("moves a run from its start to its end", async () => {
    const stage = stageHost({ store: open() });
    stage.begin();
    await stage.reaches("succeeded");
    expect(stage.calls).toEqual(["act", "verify", "assess", "execute", "confirm", "act", "verify"]);
    expect(stage.store.effects("run")).toMatchObject([{ key: "run/1/0", status: "applied" }]);
    expect(eventsOf(stage.store).map(({ type }) => type)).toHaveLength(8);
  });
});
