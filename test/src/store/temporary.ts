import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

/** A path for a store in a directory of its own, which goes with the test. */
export function temporaryFile(name = "store.db"): string {
  const directory = mkdtempSync(join(tmpdir(), "loopwright-store-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return join(directory, name);
}
