import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runProgram } from "../../src/cli/program.ts";
import { systemEnvironment } from "../../src/cli/system.ts";

// The main job: a copy of the project in a scratch repository, and one command that repairs it unattended.

const here = import.meta.dirname;
const directory = mkdtempSync(join(tmpdir(), "loopwright-repair-"));
cpSync(join(here, "project"), directory, { recursive: true });

const git = (...args: string[]) =>
  execFileSync(
    "git",
    ["-c", "user.name=You", "-c", "user.email=you@localhost", "-c", "commit.gpgsign=false", ...args],
    {
      cwd: directory,
      stdio: ["ignore", "ignore", "inherit"],
    },
  );
git("init", "--quiet", "--initial-branch=main");
git("add", "--all");
git("commit", "--quiet", "--message", "Import the project, tests red");

const json = process.argv.includes("--json");
if (!json) {
  console.log(`project    ${directory} (a scratch copy of examples/repair/project)`);
  console.log("contract   examples/repair/loop.ts\n");
}
const goal = "make the test suite pass";
const rest = process.argv.slice(2);
process.exitCode = await runProgram(
  ["run", join(here, "loop.ts"), "--goal", goal, "--in", directory, ...rest],
  systemEnvironment(),
);
