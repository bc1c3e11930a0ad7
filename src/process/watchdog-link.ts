import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";
import { hostFile, removeHostFile, thisHost, writeHostFile } from "./host-file.ts";
import { inheritedMarks } from "./mark.ts";
import { startOf } from "./proc-files.ts";
import type { Root } from "./tree.ts";

/** The host's end of the pipe to its watchdog. */
export type WatchdogLink = {
  /** Starts the watchdog and registers this host, unless that is done; call it before each spawn. */
  ensure(): void;
  started(root: Root): void;
  ended(root: Root): void;
  /** Dismisses the watchdog and takes this host off the register; for when no child is left. */
  close(): Promise<void>;
};

// Beside this file, and as built or as unbuilt as it.
const program = fileURLToPath(new URL(`./watchdog${extname(import.meta.url)}`, import.meta.url));

const ignore = (): void => {};

/** With nothing left to watch over, the watchdog need not look around once more: it is just ended. */
async function dismiss(watchdog: ChildProcess | null): Promise<void> {
  if (watchdog?.pid === undefined) return;
  watchdog.ref();
  const exit = once(watchdog, "exit");
  watchdog.kill("SIGKILL");
  await exit;
}

/** Makes the link; nothing is started before the first `ensure`. */
export function linkWatchdog({
  token,
  registryDirectory,
}: {
  token: string;
  registryDirectory: string;
}): WatchdogLink {
  const host = thisHost();
  const roots = new Map<number, Root>();
  let watchdog: ChildProcess | null = null;
  let registered = false;

  const tell = (line: string): void => void watchdog?.stdin?.write(`${line}\n`);
  const tellStarted = ({ pid, start }: Root): void => tell(`+ ${pid} ${start}`);

  function start(): void {
    const child = spawn(
      process.execPath,
      [program, token, String(host.start), hostFile(registryDirectory, token)],
      {
        cwd: "/",
        env: inheritedMarks(),
        detached: true,
        stdio: ["pipe", "ignore", "ignore"],
      },
    );
    watchdog = child;
    // Without a watchdog the register still lets the next start find what was left.
    child.once("error", () => forget(child));
    child.once("exit", () => forget(child));
    child.stdin.on("error", ignore);
    child.unref();
    (child.stdin as unknown as { unref(): void }).unref();
  }

  function forget(child: ChildProcess): void {
    if (watchdog === child) watchdog = null;
  }

  function watchdogRoot(): Root | null {
    return watchdog?.pid === undefined ? null : { pid: watchdog.pid, start: startOf(watchdog.pid) ?? 0 };
  }

  return {
    ensure() {
      if (watchdog !== null) return;
      writeHostFile(registryDirectory, { token, host, watchdog: null });
      registered = true;
      start();
      writeHostFile(registryDirectory, { token, host, watchdog: watchdogRoot() });
      for (const root of roots.values()) tellStarted(root);
    },
    started(root) {
      roots.set(root.pid, root);
      tellStarted(root);
    },
    ended(root) {
      roots.delete(root.pid);
      tell(`- ${root.pid}`);
    },
    async close() {
      await dismiss(watchdog);
      if (registered) removeHostFile(registryDirectory, token);
    },
  };
}
