// A result with tidy numbers where they are NOCP's own. What the caller sent and what the model wrote stays digit for digit.
import { tidyNumbers } from "./json/tidy-numbers.ts";
import type { NocpResult } from "./result.ts";

/** Fields whose numbers NOCP counted, timed or added up. */
const measured = [
  "usage",
  "tokens",
  "cost",
  "attempts",
  "strategies",
  "latency",
  "journey",
  "confidence",
  "submittedAt",
  "completedAt",
] as const satisfies readonly (keyof NocpResult)[];

export function tidyResult(result: NocpResult): NocpResult {
  const tidy: Record<string, unknown> = {};
  for (const field of measured) tidy[field] = result[field];
  return { ...result, ...tidyNumbers(tidy) };
}
