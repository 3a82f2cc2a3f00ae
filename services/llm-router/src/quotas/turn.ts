// What a call asks of the limiter of its quota, and what it tells it afterwards.
import type { RouteCandidate } from "@nocp/contracts/request.ts";
import type { Lane } from "@nocp/contracts/topology.ts";
import type { ReportedQuotas } from "@nocp/models/quotas/reported-quotas.ts";

export interface AskedTurn {
  readonly candidate: RouteCandidate;
  readonly requestId: string;
  readonly tenant: string;
  readonly lane: Lane;
  readonly inputTokens: number;
  readonly maxOutputTokens: number;
  /** Milliseconds since the epoch. */
  readonly deadlineAt: number;
  /** How long the request may wait for this quota in all, in milliseconds; Infinity when there is no other way. */
  readonly patienceMs: number;
  readonly signal: AbortSignal;
  /** Called once if the request waited here, when that is over. Asking the replicas' common state is a part of the wait. */
  readonly onWaited?: () => void;
}

/** What came of a call. */
export interface TurnOutcome {
  readonly kind: "answered" | "refused" | "failed";
  readonly reported?: ReportedQuotas | undefined;
  readonly retryAfterMs?: number | undefined;
  /** Tokens of the prompt and the answer, where they are known. */
  readonly tokens?: { readonly input: number; readonly output: number } | undefined;
}

export type Turn =
  | { readonly kind: "turn"; done(outcome: TurnOutcome): void }
  /** @property isTooLong more than the request's patience; otherwise it comes back for its turn. */
  | { readonly kind: "later"; readonly delayMs: number; readonly isTooLong: boolean };

export interface QuotaLimiter {
  /** @throws the signal's reason when it fires. */
  turn(asked: AskedTurn): Promise<Turn>;
}
