// One project a test category; `./nocp test --category <name>` runs one of them.
import { defineConfig } from "vitest/config";

const timeouts: Record<string, number> = {
  unit: 60_000,
  property: 60_000,
  architecture: 60_000,
  conformance: 60_000,
  integration: 120_000,
  e2e: 600_000,
  peers: 900_000,
};

/** Unit tests lie beside what they test. */
const besideSources = ["shared", "services", "cli", "benchmarks"].map((folder) => `${folder}/**/src/**/*.test.ts`);

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: Object.entries(timeouts).map(([name, timeout]) => ({
      test: {
        name,
        include: [`test/${name}/**/*.test.ts`, ...(name === "unit" ? besideSources : [])],
        testTimeout: timeout,
        hookTimeout: timeout,
        pool: "forks" as const,
        fileParallelism: name !== "e2e",
      },
    })),
  },
});
