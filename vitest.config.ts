// One project a test category; `./nocp test --category <name>` runs one of them.
import { join } from "node:path";
import { defineConfig } from "vitest/config";
import { unhandledErrorsVariable } from "./cli/src/tests/run-vitest.ts";
import { testCategories } from "./cli/src/tests/test-categories.ts";
import { countUnhandledErrors } from "./test/unhandled-errors.ts";

const unhandledErrorsFile = process.env[unhandledErrorsVariable];

export default defineConfig({
  test: {
    reporters: ["default", "json", ...(unhandledErrorsFile ? [countUnhandledErrors(unhandledErrorsFile)] : [])],
    outputFile: { json: join(import.meta.dirname, ".nocp/test-report.json") },
    projects: testCategories.map(({ name, include, timeoutMs, isIsolated, workers, replacedModules }) => ({
      resolve: {
        alias: Object.entries(replacedModules).map(([find, file]) => ({ find, replacement: join(import.meta.dirname, file) })),
      },
      test: {
        name,
        env: { NODE_COMPILE_CACHE: join(import.meta.dirname, ".nocp/compile-cache") },
        include: [...include],
        testTimeout: timeoutMs,
        hookTimeout: timeoutMs,
        // Of `expect.poll`: its own default of a second is too short for a machine that does other things too.
        expect: { poll: { timeout: timeoutMs / 2 } },
        pool: "forks" as const,
        isolate: isIsolated,
        maxWorkers: workers,
        // Categories of as many workers share them. Those of one worker come last.
        sequence: { groupOrder: workers === 1 ? 0 : workers },
        setupFiles: ["test/leaks.ts"],
      },
    })),
  },
});
