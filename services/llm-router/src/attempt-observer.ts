// Who hears of every call of a candidate: when it begins, and how it ends.
import type { ProviderAttempt } from "@nocp/contracts/accounting.ts";
import type { RouteCandidate } from "@nocp/contracts/request.ts";
import type { AttemptOutcome } from "./attempt-completion.ts";

export interface AttemptObserver {
  /** @returns what is told of the end, once; a call whose request was aborted says nothing of the candidate. */
  begin(candidate: RouteCandidate): (outcome: AttemptOutcome, isAborted: boolean) => void;
  /** Calls that were lost with the process that made them. */
  lost?(calls: readonly ProviderAttempt[]): void;
}
