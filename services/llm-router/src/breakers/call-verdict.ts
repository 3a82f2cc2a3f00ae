// What a call tells of its provider. Pure.
import type { ErrorCode } from "@nocp/contracts/errors/catalogue.ts";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import type { AttemptInput, AttemptOutcome } from "../attempt-completion.ts";
import type { CallVerdict } from "./breaker-state.ts";

/** The provider's own. A rate limit is the quota's business, and a refusal of what was sent is the request's. */
const faults: ReadonlySet<ErrorCode> = new Set([
  "PROVIDER_TIMEOUT",
  "PROVIDER_UNAVAILABLE",
  "PROVIDER_UNREACHABLE",
  "PROVIDER_INVALID_RESPONSE",
]);

export const isProviderFault = (code: ErrorCode): boolean => faults.has(code);

export function verdictOfCall(outcome: AttemptOutcome, { slowMs, limits }: Pick<AttemptInput, "slowMs" | "limits">): CallVerdict {
  const { latencyMs, timeToFirstTokenMs = latencyMs } = outcome.attempt;
  if ("completion" in outcome) return timeToFirstTokenMs > slowMs ? "slow" : "passed";
  const { error } = outcome;
  if (!(error instanceof NocpError) || !faults.has(error.code)) return "none";
  // A request in a hurry says nothing of a provider that others would have waited for.
  return error.code === "PROVIDER_TIMEOUT" && limits.ttftMs < slowMs ? "none" : "failed";
}
