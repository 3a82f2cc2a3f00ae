// Who hears of every call of a candidate: when it begins, and how it ends.
import type { RouteCandidate } from "@nocp/contracts/request.ts";
import type { AttemptOutcome } from "./attempt-completion.ts";

export interface AttemptObserver {
  /** @returns what is told of the end, once: undefined when the request was aborted, which says nothing of the candidate. */
  begin(candidate: RouteCandidate): (outcome: AttemptOutcome | undefined) => void;
}
