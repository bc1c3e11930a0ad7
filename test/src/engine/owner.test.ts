import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { expect, it, onTestFinished } from "vitest";
import { describeOwner, isSurelyDead, ownerName } from "../../../src/engine/owner.ts";

const me = () => JSON.parse(ownerName()) as Record<string, unknown>;
const named = (change: object) => JSON.stringify({ ...me(), ...change });

it("names each engine of this process otherwise", () => {
  expect(ownerName()).not.toBe(ownerName());
  expect(describeOwner(ownerName())).toContain(`process ${process.pid} on `);
});

it("knows itself to be alive", () => {
  expect(isSurelyDead(ownerName())).toBe(false);
});

it("knows another boot, another start time and a missing process to be dead", () => {
  expect(isSurelyDead(named({ boot: "another" }))).toBe(true);
  expect(isSurelyDead(named({ start: "1" }))).toBe(true);
  expect(isSurelyDead(named({ pid: 2 ** 30 }))).toBe(true);
});

it("says nothing of another machine, of one it cannot read, and of what it cannot look up", () => {
  expect(isSurelyDead(named({ host: "elsewhere", pid: 2 ** 30 }))).toBe(false);
  expect(isSurelyDead(named({ start: "-" }))).toBe(false);
  expect(isSurelyDead("somebody")).toBe(false);
  expect(describeOwner("somebody")).toBe("somebody");
});

it("knows the remains of a killed process, which nobody has collected, to be dead", async () => {
  // The shell becomes a sleeper that never waits for its child.
  const child = spawn("sh", ["-c", "sh -c 'echo $$; sleep 0.2' & exec sleep 30"], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const [line] = (await once(child.stdout, "data")) as [Buffer];
  const pid = Number(line.toString());
  const fields = () => readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").pop()!.split(" ");
  const owner = named({ pid, start: fields()[19] });
  while (fields()[0] !== "Z") {
    expect(isSurelyDead(owner)).toBe(false);
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
  expect(isSurelyDead(owner)).toBe(true);
});
