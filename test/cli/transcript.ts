import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { quoted } from "../../src/cli/render/text.ts";

/** One command of a transcript, with everything it prints and, on the last line, its exit code: `[exit 2]`. */
export type Step = { command: string; expected: string };

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "../..");
const commandMs = 300_000;

/** The commands of all `console` blocks of a Markdown file, in order. */
export function stepsOf(markdown: string): Step[] {
  const blocks = [...markdown.matchAll(/^```console\n([\s\S]*?)^```$/gm)].map(([, body]) => body!);
  return blocks.flatMap((body) =>
    body
      .split(/^\$ /m)
      .slice(1)
      .map((text) => {
        const [command = "", ...output] = text.trimEnd().split("\n");
        return { command, expected: output.join("\n") };
      }),
  );
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** `…` stands for anything within a line; a line that is nothing else stands for any lines. */
export function patternOf(expected: string): RegExp {
  const lines = expected
    .split("\n")
    .map((line) => (line.trim() === "…" ? "(?:.*\\n)*?" : `${escaped(line).replaceAll("…", ".*")}\\n`));
  return new RegExp(`^${lines.join("")}$`);
}

/** A place of its own for one transcript: a `loopwright` command, an empty home, this package installed, and the contracts. */
export function openPlace() {
  const directory = mkdtempSync(join(tmpdir(), "loopwright-cli-"));
  const bin = join(directory, "bin");
  mkdirSync(bin);
  const node = `${quoted(process.execPath)} --conditions=loopwright-source`;
  writeFileSync(
    join(bin, "loopwright"),
    `#!/bin/sh\nexec ${node} ${quoted(join(root, "src/cli/main.ts"))} "$@"\n`,
  );
  chmodSync(join(bin, "loopwright"), 0o755);
  symlinkSync(join(here, "contracts"), join(directory, "contracts"));
  mkdirSync(join(directory, "node_modules"));
  symlinkSync(root, join(directory, "node_modules/loopwright"));
  symlinkSync(join(root, "node_modules/zod"), join(directory, "node_modules/zod"));
  const env = {
    PATH: [bin, dirname(process.execPath), process.env.PATH].join(delimiter),
    HOME: directory,
    LOOPWRIGHT_STORE: join(directory, "store.db"),
    GIT_CONFIG_GLOBAL: "/dev/null",
    TZ: "UTC",
  };
  return {
    /** Runs one command line and returns what it printed, with its exit code. */
    run(command: string): string {
      const script = `{ ${command}\n} 2>&1`;
      const { stdout, status } = spawnSync("sh", ["-c", script], {
        cwd: directory,
        env,
        encoding: "utf8",
        timeout: commandMs,
      });
      return `${stdout.replaceAll(directory, "DIR").trimEnd()}\n[exit ${status}]`.trimStart();
    },
    /** Puts a folder of this repository into the place. */
    link: (folder: string) => symlinkSync(join(root, folder), join(directory, folder)),
    close: () => rmSync(directory, { recursive: true, force: true }),
  };
}
