import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  isHostAlive,
  readHostFiles,
  removeHostFile,
  thisHost,
  writeHostFile,
} from "../../../src/process/host-file.ts";
import { bootId, hasProcFiles } from "../../../src/process/proc-files.ts";
import { temporaryDirectory } from "./support.ts";

const record = { token: "a1", host: thisHost(), watchdog: null };

describe("the register of hosts", () => {
  it("gives back what was written, until it is removed", () => {
    const directory = join(temporaryDirectory(), "deep", "register");
    writeHostFile(directory, record);
    writeHostFile(directory, { ...record, watchdog: { pid: 1, start: 2 } });
    expect(readHostFiles(directory)).toEqual([
      { ...record, watchdog: { pid: 1, start: 2 }, bootId: bootId() },
    ]);
    removeHostFile(directory, record.token);
    removeHostFile(directory, record.token);
    expect(readHostFiles(directory)).toEqual([]);
  });

  it("passes over what it cannot read", () => {
    const directory = temporaryDirectory();
    writeFileSync(join(directory, "cut.json"), '{"token":');
    writeFileSync(join(directory, "odd.json"), '{"token":1}');
    mkdirSync(join(directory, "folder.json"));
    expect(readHostFiles(directory)).toEqual([]);
    expect(readHostFiles(join(directory, "nowhere"))).toEqual([]);
  });

  it("refuses a directory that cannot be written", () => {
    const file = join(temporaryDirectory(), "file");
    writeFileSync(file, "");
    expect(() => writeHostFile(join(file, "register"), record)).toThrow(
      expect.objectContaining({ code: "environment" }),
    );
  });

  it.skipIf(!hasProcFiles)(
    "tells this host from a dead one, a later one with its pid, and one before a reboot",
    () => {
      const here = { ...record, bootId: bootId() };
      expect(isHostAlive(here)).toBe(true);
      expect(isHostAlive({ ...here, host: { pid: 2 ** 30, start: 1 } })).toBe(false);
      expect(isHostAlive({ ...here, host: { ...here.host, start: here.host.start + 1 } })).toBe(false);
      expect(isHostAlive({ ...here, bootId: "another" })).toBe(false);
    },
  );
});
