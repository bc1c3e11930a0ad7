import { extname } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * The file to name in `node --test --test-reporter=${nodeReporter}` for the format `node-json`. It lies with
 * Loopwright, where the agent does not write.
 */
export const nodeReporter: string = fileURLToPath(
  new URL(`./node-reporter${extname(import.meta.url)}`, import.meta.url),
);
