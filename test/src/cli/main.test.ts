import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { version } from "../../../src/base/version.ts";

const main = fileURLToPath(new URL("../../../src/cli/main.ts", import.meta.url));

test("runs as a program", () => {
  const { stdout, status } = spawnSync(process.execPath, [main, "--version"], { encoding: "utf8" });
  expect({ stdout, status }).toEqual({ stdout: `${version}\n`, status: 0 });
});

test("tells an old Node what is needed before anything else is imported", () => {
  const source = stripTypeScriptTypes(readFileSync(main, "utf8").replace(/^#!.*/, ""));
  const old = `Object.defineProperty(process.versions, "node", { value: "20.20.2" });\n${source}`;
  const { stderr, status } = spawnSync(process.execPath, ["--input-type=module", "-e", old], {
    encoding: "utf8",
  });
  expect(status).toBe(2);
  expect(stderr).toContain("needs Node 22.18 or newer; this is 20.20.2");
});
