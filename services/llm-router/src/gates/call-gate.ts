// The contract of what stands between a request and a call of a candidate: quotas, breakers, budgets.
import type { ProviderAttempt, Warning } from "@nocp/contracts/accounting.ts";
import type { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import type { RouteCandidate } from "@nocp/contracts/request.ts";
import type { HandlerContext } from "@nocp/runtime/stage/handler.ts";
import type { AttemptInput, AttemptOutcome } from "../attempt-completion.ts";

/** What gates know of a request. */
export interface GatedRequest {
  /** Who pays. */
  readonly payer: { readonly tenant: string; readonly key: string | undefined; readonly tags: readonly string[] };
  /** No model was asked for an answer before this delivery. */
  readonly isNew: boolean;
  /** All calls before this delivery, those that helped to cut the context among them. */
  readonly spent: readonly ProviderAttempt[];
  /** As counted before the call. */
  readonly inputTokens: number;
  /** What a call of the candidate costs at most; `null` when nobody knows. */
  readonly worstCaseUsdOf: (candidate: RouteCandidate) => number | null;
}

export interface GatedCall {
  readonly input: AttemptInput;
  readonly request: GatedRequest;
  /** This one included. */
  readonly candidatesLeft: number;
}

/** The call may be made; one of the two is called, once. */
export interface Passed {
  done(outcome: AttemptOutcome): void;
  /** The call is not made after all. */
  release(): void;
  /** For the result, if the call answers the request. */
  readonly warnings?: readonly Warning[];
}

export interface NotPassed {
  readonly error: unknown;
  /** The request goes back to the queue until then; otherwise the next candidate is called. */
  readonly comesBack: boolean;
}

export type Passage = Passed | NotPassed;

export interface CallGate {
  /**
   * Why the candidate would not be called now, as far as this process knows. Asked about all candidates before the first is
   * called, so that those that remain are known.
   */
  refusal?(candidate: RouteCandidate): Promise<NocpError | undefined>;
  /** Puts the candidates in another order before the first is called. */
  arrange?(route: readonly RouteCandidate[], request: GatedRequest): Promise<readonly RouteCandidate[]>;
  /** Whether the request is to be answered by a model of the tier `economy`, if one can. At once where that is never so. */
  wantsEconomy?(route: readonly RouteCandidate[], request: GatedRequest): boolean | Promise<boolean>;
  /** Lets the call pass, at once or after a wait. Never rejects. */
  enter(call: GatedCall, context: HandlerContext): Promise<Passage>;
  /** Told of calls that were lost with the process that made them. */
  lost?(calls: readonly ProviderAttempt[], request: GatedRequest): Promise<void>;
}

export const hasPassed = (passage: Passage): passage is Passed => "done" in passage;
