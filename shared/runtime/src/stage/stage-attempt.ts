// One start of a handler on one delivery: what interceptors see.

import type { StageRecord } from "@nocp/contracts/accounting.ts";
import type { Stage } from "@nocp/contracts/topology.ts";
import type { Context, Span } from "@opentelemetry/api";
import type { Addressed, Decoded } from "./decode-message.ts";
import type { Delivery } from "./delivery.ts";
import type { HandoverEnd } from "./handover.ts";
import type { Settlement } from "./settlement.ts";

export interface StageAttempt {
  readonly stage: Stage;
  readonly delivery: Delivery;
  readonly addressed: Addressed;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly queueWaitMs: number;
  /** Aborts with the reason that decides the settlement. */
  readonly controller: AbortController;
  /** Called when the handler is done and what it returned is to be published: the next message may start beside that. */
  readonly handled: () => void;
  /** This message may have been handed out before, so its starts are counted (M4). */
  readonly mayBeRedelivered: boolean;
  /** The message, or one that it is a copy of, may have been handled before, by this process or another (M7). */
  readonly mayBeRepeated: boolean;
  /** As of `Leases`. */
  readonly sinceOutageMs: () => number;
  /** Counts from 1; set when the count of starts is known. */
  number: number;
  /** Earlier starts of which nobody knows how they ended; set with the number. */
  lostStarts: number;
  /** Milliseconds that earlier deliveries waited for providers; set with the number. */
  heldMs: number;
  /** Milliseconds that the handler has waited until a provider could be asked. */
  pausedMs: number;
  /** How those end that its emissions were handed to within the process; set when the handler is done. */
  handovers: readonly Promise<HandoverEnd>[];
  /** Set when the body was understood. */
  decoded: Decoded | undefined;
  /** The process span and the context it is active in; set by the tracing interceptor. */
  traceContext: Context;
  span: Span | undefined;
}

/** The attempt as the journey of its request has it. @param now milliseconds since the epoch. */
export function recordOf({ stage, number, queueWaitMs, startedAt, ...waited }: StageAttempt, now: number): StageRecord {
  const workMs = Math.max(0, now - startedAt);
  // A broker that restarts may hand a message out before its delay is over.
  const heldMs = Math.min(waited.heldMs, queueWaitMs);
  const pausedMs = Math.min(waited.pausedMs, workMs);
  return {
    ...{ stage, attempt: number, queueWaitMs, workMs },
    ...(heldMs === 0 ? {} : { heldMs }),
    ...(pausedMs === 0 ? {} : { pausedMs }),
  };
}

type HandleAttempt = (attempt: StageAttempt) => Promise<Settlement>;

/** Wraps every attempt. `next(attempt)` must be called exactly once; what it resolves to is what happens to the delivery. */
export type Interceptor = (attempt: StageAttempt, next: HandleAttempt) => Promise<Settlement>;

/** The first interceptor is the outermost. */
export const composeInterceptors = (interceptors: readonly Interceptor[], innermost: HandleAttempt): HandleAttempt =>
  interceptors.reduceRight<HandleAttempt>((next, interceptor) => (attempt) => interceptor(attempt, next), innermost);
