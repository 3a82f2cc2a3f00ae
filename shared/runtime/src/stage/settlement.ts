// The one place where what a handler did becomes what happens to its delivery (M5). Pure.
import { type ErrorCode, errorCatalogue } from "@nocp/contracts/errors/catalogue.ts";
import { coerceError, NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { backoffMs } from "@nocp/contracts/retry.ts";

/** Thrown, or the reason of an abort, when a service stops: the message goes back and the attempt does not count. */
export class ShutdownSignal extends Error {
  override readonly name = "ShutdownSignal";
  constructor() {
    super("the service is stopping");
  }
}

export type Settlement =
  /** Handled: its emissions are published. */
  | { readonly kind: "ack" }
  /** Given back, to be tried again after a while. */
  | { readonly kind: "retry"; readonly delayMs: number; readonly cause: unknown }
  /** Given back until a quota may have room again, and uncounted: waiting is no attempt. */
  | { readonly kind: "wait"; readonly delayMs: number; readonly cause: unknown }
  /** Given back at once and uncounted: the service stops. */
  | { readonly kind: "return" }
  /** Answered with a failed result, then acknowledged: there is nothing to send again. */
  | { readonly kind: "fail"; readonly error: NocpError }
  /** Answered with a failed result and kept as a dead letter. */
  | { readonly kind: "dead-letter"; readonly error: NocpError };

/** Why the attempt failed, a retried one too; `null` when it did not fail. */
export function failureCodeOf(settlement: Settlement): ErrorCode | null {
  switch (settlement.kind) {
    case "retry":
      return settlement.cause instanceof NocpError ? settlement.cause.code : "UNEXPECTED";
    case "fail":
    case "dead-letter":
      return settlement.error.code;
    default:
      return null;
  }
}

/** How long a delivery is held because of a provider, in milliseconds: after its failure, for its quota or its breaker. */
export const heldForProviderMs = (settlement: Settlement): number =>
  (settlement.kind === "retry" || settlement.kind === "wait") && isOfProvider(settlement.cause) ? settlement.delayMs : 0;

/** A breaker refuses a call before a provider can. */
const isOfProvider = (cause: unknown): boolean =>
  cause instanceof NocpError && (cause.code === "BREAKER_OPEN" || errorCatalogue[cause.code].raisedBy.includes("provider"));

export interface SettlementPolicy {
  readonly maxAttempts: number;
  readonly retryBaseMs: number;
  readonly retryMaxMs: number;
}

export interface FailedAttempt {
  /** Counts from 1. */
  readonly attempt: number;
  readonly now: number;
  readonly deadlineAt: number;
  /** In [0, 1). */
  readonly random: number;
}

const ended = (what: string): NocpError => new NocpError("DEADLINE_EXCEEDED", what);

/** What becomes of a delivery whose handler threw `error`. */
export function settlementOf(error: unknown, failed: FailedAttempt, policy: SettlementPolicy): Settlement {
  if (error instanceof ShutdownSignal) return { kind: "return" };
  const known = error instanceof NocpError ? error : undefined;
  if (known?.disposition === "fail") return { kind: "fail", error: known };
  if (known?.disposition === "reject") return { kind: "dead-letter", error: known };
  if (failed.now >= failed.deadlineAt)
    return { kind: "fail", error: ended(`the deadline passed; last error: ${messageOf(error)}`) };
  const waits = known?.disposition === "wait";
  if (!waits && failed.attempt >= policy.maxAttempts) return { kind: "dead-letter", error: exhausted(error, failed.attempt) };
  const delayMs = delayAfter(known, failed, policy);
  if (failed.now + delayMs >= failed.deadlineAt) {
    const waiting = `a retry in ${delayMs} ms would be too late for the deadline`;
    return {
      kind: "fail",
      error: known ? withNote(known, waiting) : ended(`${waiting}; last error: ${messageOf(error)}`),
    };
  }
  return { kind: waits ? "wait" : "retry", delayMs, cause: error };
}

/** Of a wait that was asked for, at most this much more: those who were told the same do not all come back at once. */
const longestJitterMs = 500;
const jitterShare = 0.25;

function delayAfter(known: NocpError | undefined, { attempt, random }: FailedAttempt, policy: SettlementPolicy): number {
  if (known?.retryAfterMs === undefined)
    return backoffMs(attempt, { baseMs: policy.retryBaseMs, maxMs: policy.retryMaxMs }, random);
  const atLeastMs = Math.max(known.retryAfterMs, policy.retryBaseMs / 2);
  return Math.round(atLeastMs + Math.min(longestJitterMs, atLeastMs * jitterShare) * random);
}

const messageOf = (error: unknown): string => coerceError(error).message;

/** A known error keeps its code, advice and time to wait, so that the caller reads the cause. */
const withNote = (known: NocpError, note: string): NocpError => known.withMessage(`${known.message} (${note})`, known);

function exhausted(error: unknown, attempt: number): NocpError {
  const note = `last of ${attempt} attempts`;
  if (error instanceof NocpError) return withNote(error, note);
  return new NocpError("ATTEMPTS_EXHAUSTED", `${messageOf(error)} (${note})`, { cause: error });
}
