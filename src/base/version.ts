import { readFileSync } from "node:fs";

/** package.json lies two folders above this file as source, three as built. */
function readVersion(): string {
  for (const path of ["../../package.json", "../../../package.json"]) {
    try {
      const { name, version } = JSON.parse(readFileSync(new URL(path, import.meta.url), "utf8"));
      if (name === "loopwright") return version as string;
    } catch {}
  }
  return "0.0.0";
}

/** The version of this package. */
export const version: string = readVersion();
