import { readdirSync } from "node:fs";
import { describe, expect, it, onTestFinished } from "vitest";
import { newToken } from "../../../src/process/mark.ts";
import { hasProcFiles } from "../../../src/process/proc-files.ts";
import { linkWatchdog } from "../../../src/process/watchdog-link.ts";
import { recordsIn } from "./hosts.ts";
import { eventually, processesWith, temporaryDirectory } from "./support.ts";

function link() {
  const registryDirectory = temporaryDirectory();
  const token = newToken();
  const watchdog = linkWatchdog({ token, registryDirectory });
  onTestFinished(() => watchdog.close());
  return { watchdog, token, registryDirectory };
}

describe.skipIf(!hasProcFiles)("linkWatchdog", () => {
  it("starts nothing before it is needed, and one watchdog then", () => {
    const { watchdog, token, registryDirectory } = link();
    expect(readdirSync(registryDirectory)).toEqual([]);
    watchdog.ensure();
    watchdog.ensure();
    expect(processesWith(token)).toHaveLength(1);
    expect(recordsIn(registryDirectory)).toMatchObject([{ token, host: { pid: process.pid } }]);
  });

  it("replaces a watchdog that died", async () => {
    const { watchdog, token, registryDirectory } = link();
    watchdog.ensure();
    const first = recordsIn(registryDirectory)[0]!.watchdog!.pid;
    process.kill(first, "SIGKILL");
    await eventually(() => {
      watchdog.ensure();
      return recordsIn(registryDirectory)[0]!.watchdog!.pid !== first;
    });
    expect(processesWith(token)).toHaveLength(1);
  });

  it("dismisses the watchdog and takes the host off the register", async () => {
    const { watchdog, token, registryDirectory } = link();
    watchdog.ensure();
    await watchdog.close();
    expect(processesWith(token)).toEqual([]);
    expect(readdirSync(registryDirectory)).toEqual([]);
  });
});
