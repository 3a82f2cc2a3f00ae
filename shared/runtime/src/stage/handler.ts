// What a service is: a plain function from a message to emissions. It sees neither NATS, nor acks, retries or spans.

import type { ProviderAttempt } from "@nocp/contracts/accounting.ts";
import type { FactBody, FactInput } from "@nocp/contracts/messages.ts";
import type { NocpResult } from "@nocp/contracts/result.ts";
import type { Fact, Lane, Stage } from "@nocp/contracts/topology.ts";
import type { Span } from "@opentelemetry/api";
import type { Logger } from "pino";

/** A message that a handler returns, for the runtime to publish. The runtime adds the stage's record to `journey`. */
export type Emission = (
  | { [F in Fact]: { readonly fact: F; readonly body: FactInput<F> } }[Fact]
  | { readonly fact: "response.ready"; readonly body: NocpResult }
) & {
  /**
   * Called once when the broker does not store the message at the first try, before there is another: keeps what must
   * not be lost with the process meanwhile. What it throws is ignored.
   */
  readonly onDelay?: () => Promise<void>;
};

/** A message as a handler gets it: validated. */
export type StageMessage<F extends Fact = Fact> = { [K in F]: { readonly fact: K; readonly body: FactBody<K> } }[F];

export interface HandlerContext {
  readonly requestId: string;
  readonly lane: Lane;
  readonly stage: Stage;
  /** Counts from 1. */
  readonly attempt: number;
  /** The message may have been handled before, by this process or another. False is certain. */
  readonly mayBeRepeated: boolean;
  /** Milliseconds since the epoch, by the broker's clock: when the caller's request was accepted. */
  readonly submittedAt: number;
  /** Milliseconds since the epoch. `signal` fires then. */
  readonly deadlineAt: number;
  /** Fires at the deadline, on cancellation, and at the end of the grace period of a shutdown. Pass it on to all I/O. */
  readonly signal: AbortSignal;
  readonly logger: Logger;
  /** Between the broker's storing of this message and the start of this delivery. */
  readonly queueWaitMs: number;
  readonly traceId: string | null;
  readonly now: () => number;
  /** Milliseconds since the handler started. */
  readonly elapsedMs: () => number;
  /**
   * Runs `work` in a child span; an error marks the span and is rethrown. Attributes hold no content.
   * @param options.kind `client` for calls to other systems.
   */
  span<T>(
    name: string,
    attributes: Readonly<Record<string, string | number | boolean | string[]>>,
    work: (span: Span) => Promise<T>,
    options?: { readonly kind?: "internal" | "client" },
  ): Promise<T>;
  /** Publishes a piece of the answer as it comes; lost pieces are the reader's loss, the result is complete. */
  delta(text: string, done?: boolean): void;
  /** Whether this request has a message of that name on its queue, or its result. Asks the broker. */
  isStored(fact: Fact | "response.ready"): Promise<boolean>;
  /** Puts a provider's call on the bill of the failed result, should the attempt end in one, even by an abort. */
  recordCall(call: ProviderAttempt): void;
}

/** @throws NocpError, whose code decides what becomes of the delivery (M5); anything else is retried. */
export type Handle<F extends Fact = Fact> = (message: StageMessage<F>, context: HandlerContext) => Promise<readonly Emission[]>;
