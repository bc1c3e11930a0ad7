import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { LoopwrightError, messageOf } from "../../base/errors.ts";
import type { AddCommand } from "../command.ts";
import type { Environment } from "../environment.ts";
import { padTo, quoted } from "../render/text.ts";
import { template } from "../template.ts";

const fileDefault = "loop.ts";

function write(file: string, path: string, force: boolean): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, template, { flag: force ? "w" : "wx" });
  } catch (error) {
    const exists = (error as NodeJS.ErrnoException).code === "EEXIST";
    throw new LoopwrightError({
      code: "usage",
      field: file,
      message: exists ? `${path} exists already` : `${path} cannot be written: ${messageOf(error)}`,
      fix: exists
        ? "give another name, or overwrite it with --force"
        : "give a file in a directory that you may write to",
      cause: error,
    });
  }
}

/** Writes a commented contract; asks nothing. */
function init(
  { cwd, out, program }: Environment,
  file: string,
  { force = false }: { force?: boolean },
): number {
  write(file, resolve(cwd, file), force);
  const next: [string, string][] = [
    [`${program} check ${quoted(file)}`, "read its answers back"],
    [`${program} run ${quoted(file)} --goal "…"`, "run it on this project"],
  ];
  const width = Math.max(...next.map(([command]) => command.length));
  out.write(
    `wrote ${file}\n\n${next.map(([command, does]) => `  ${padTo(command, width)}  ${does}\n`).join("")}`,
  );
  return 0;
}

export const addInit: AddCommand = (program, environment, finish) => {
  program
    .command("init")
    .description("Write a commented contract to start from")
    .argument("[FILE]", "where to", fileDefault)
    .option("--force", "overwrite the file if it exists")
    .action((file: string, options: { force?: boolean }) => finish(init(environment, file, options)));
};
