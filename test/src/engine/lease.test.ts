import { expect, it } from "vitest";
import { systemClock } from "../../../src/base/system-clock.ts";
import type { EngineCore } from "../../../src/engine/core.ts";
import { underLease } from "../../../src/engine/lease.ts";
import { ownerName } from "../../../src/engine/owner.ts";
import { openMemoryStore } from "../../../src/store/index.ts";
import { gate, rejection } from "./stage.ts";

const host = { holds: () => false, pause: async () => {} };
const coreOf = (more: object = {}) =>
  ({
    store: openMemoryStore(),
    clock: systemClock,
    owner: ownerName(),
    leaseMs: 60_000,
    opening: new Set(),
    host,
    ...more,
  }) as never as EngineCore;
const isFree = ({ store }: EngineCore): boolean =>
  "lease" in store.acquire({ runId: "run", owner: "probe", now: Date.now(), ttlMs: 1 });

it("opens under an epoch, and keeps the lease", async () => {
  const core = coreOf();
  expect(await underLease(core, "run", async (epoch) => epoch)).toBe(1);
  expect(isFree(core)).toBe(false);
});

it("gives the lease back when opening fails", async () => {
  const core = coreOf();
  await expect(underLease(core, "run", () => Promise.reject(new Error("no room")))).rejects.toThrow(
    "no room",
  );
  expect(isFree(core)).toBe(true);
  expect(core.opening.size).toBe(0);
});

it("opens a run once at a time", async () => {
  const core = coreOf();
  const { promise, open } = gate();
  const first = underLease(core, "run", () => promise);
  expect(await rejection(underLease(core, "run", async () => {}))).toMatchObject({ code: "busy" });
  open();
  await first;
});

it("refuses a run that a living owner has, and takes it from a dead one", async () => {
  const core = coreOf();
  const living = ownerName();
  const dead = JSON.stringify({ ...(JSON.parse(living) as object), pid: 2 ** 30 });
  const taken = (owner: string) =>
    core.store.acquire({ runId: "run", owner, now: Date.now(), ttlMs: 60_000 });
  taken(dead);
  expect(await underLease(core, "run", async (epoch) => epoch)).toBe(2);
  core.store.release({ runId: "run", owner: core.owner, epoch: 2 });
  taken(living);
  expect(await rejection(underLease(core, "run", async () => {}))).toMatchObject({
    code: "busy",
    field: "run",
  });
});

it("lets go of a run that rests here, and refuses one that moves", async () => {
  const paused: string[] = [];
  const holding = { holds: () => true, pause: async (runId: string) => void paused.push(runId) };
  const store = openMemoryStore();
  const parked = coreOf({ host: holding, store: { ...store, run: () => ({ status: "parked" }) } });
  await underLease(parked, "run", async () => {});
  expect(paused).toEqual(["run"]);
  const moving = coreOf({ host: holding, store: { ...store, run: () => ({ status: "running" }) } });
  expect(await rejection(underLease(moving, "run", async () => {}))).toMatchObject({ code: "busy" });
});
