import { defineConfig } from "vitest/config";

// Examples import this package by its name; its sources stand in for the built files.
const conditions = ["loopwright-source"];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/helpers/seed.ts"],
    setupFiles: ["test/helpers/seeded.ts"],
    testTimeout: 300_000,
    hookTimeout: 300_000,
    maxWorkers: 2,
    typecheck: { enabled: true, include: ["test/types/**/*.test-d.ts"], tsconfig: "./tsconfig.json" },
  },
});
