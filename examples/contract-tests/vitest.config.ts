import { defineConfig } from "vitest/config";

// Here the package's own sources stand in for the built ones; a project that has installed it needs no config.
const conditions = ["loopwright-source"];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: { maxWorkers: 1 },
});
