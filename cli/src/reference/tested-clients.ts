// What the tests with other people's packages saw the last time they ran.
import { readFileSync } from "node:fs";
import { join } from "node:path";

export const scenarios = ["chat", "stream", "tools", "structured", "error", "cancel", "batch"] as const;
export type Scenario = (typeof scenarios)[number];

export interface ClientResult {
  /** Its package, and where it runs. */
  readonly client: string;
  readonly version: string;
  /** Of NOCP's APIs. */
  readonly api: string;
  readonly passed: readonly Scenario[];
  /** What the API, or the package, has no counterpart of. */
  readonly absent: readonly Scenario[];
}

/** From the project's folder. */
export const clientResultsFile = "cli/src/reference/client-results.json";

export const readClientResults = (): ClientResult[] =>
  JSON.parse(readFileSync(join(import.meta.dirname, "client-results.json"), "utf8"));
