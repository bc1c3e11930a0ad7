import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import { HostRecord } from "../../../src/process/host-file.ts";
import { clearLeftovers } from "../../../src/process/index.ts";
import { temporaryDirectory, uniqueSeconds } from "./support.ts";

const program = fileURLToPath(new URL("./host.ts", import.meta.url));

/** Starts a host process in a group of its own, with a stubborn tree of sleepers under it. */
export async function startHost(registryDirectory = join(temporaryDirectory(), "register")) {
  const seconds = uniqueSeconds();
  const host = spawn(process.execPath, [program, registryDirectory, seconds], {
    detached: true,
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(async () => {
    host.kill("SIGKILL");
    await clearLeftovers(registryDirectory);
  });
  await once(host.stdout!, "data");
  return { pid: host.pid!, seconds, registryDirectory, gone: once(host, "exit") };
}

/** The records in a register. */
export const recordsIn = (directory: string): HostRecord[] =>
  readdirSync(directory).map((name) =>
    HostRecord.parse(JSON.parse(readFileSync(join(directory, name), "utf8"))),
  );
