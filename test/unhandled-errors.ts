// Vitest's JSON report does not say that an error came up outside of any test; this reporter writes down how many did.
import { writeFileSync } from "node:fs";
import type { Reporter } from "vitest/node";

export const countUnhandledErrors = (file: string): Reporter => ({
  onTestRunEnd: (_modules, errors) => writeFileSync(file, String(errors.length)),
});
