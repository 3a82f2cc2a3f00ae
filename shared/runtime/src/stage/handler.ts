// What a service is: a plain function from a message to emissions. It sees neither NATS, nor acks, retries or spans.

import type { ProviderAttempt } from "@nocp/contracts/accounting.ts";
import type { ReasoningPiece, ToolCallPiece } from "@nocp/contracts/delta.ts";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import type { FactBody, FactInput } from "@nocp/contracts/messages.ts";
import type { NocpResult } from "@nocp/contracts/result.ts";
import type { Route } from "@nocp/contracts/route.ts";
import { type ConsumedFact, type EmittedFact, type Fact, type Lane, type Stage, topologyOf } from "@nocp/contracts/topology.ts";
import type { Span } from "@opentelemetry/api";
import type { Logger } from "pino";

/** What travels under a name. */
type EmittedBody<F extends EmittedFact<Stage>> = F extends Fact ? FactInput<F> : NocpResult;

type AnyEmission = {
  readonly [F in EmittedFact<Stage>]: {
    readonly fact: F;
    readonly body: EmittedBody<F>;
    /**
     * Called once when the broker does not store the message at the first try, before there is another: keeps what must
     * not be lost with the process meanwhile. What it throws is ignored.
     */
    readonly onDelay?: () => Promise<void>;
  };
}[EmittedFact<Stage>];
/** A message that a handler of the stage returns, for the runtime to publish. The runtime adds the stage's record to `journey`. */
export type Emission<S extends Stage = Stage> = Extract<AnyEmission, { readonly fact: EmittedFact<S> }>;

/** A message of any stage, validated. */
export type StageMessage = { readonly [F in Fact]: { readonly fact: F; readonly body: FactBody<F> } }[Fact];
/** A message as a handler of the stage gets it. */
export type Consumed<S extends Stage> = Extract<StageMessage, { readonly fact: ConsumedFact<S> }>;

type SpanAttributes = Readonly<Record<string, string | number | boolean | string[]>>;

export interface HandlerContext {
  readonly tenant: string;
  /** Unique within its tenant. */
  readonly requestId: string;
  readonly lane: Lane;
  readonly stage: Stage;
  /** Counts from 1. */
  readonly attempt: number;
  /** The message may have been handled before, by this process or another. False is certain. */
  readonly mayBeRepeated: boolean;
  /**
   * Earlier starts of this message that ended with their process: nobody knows what they did. Not among them are those that
   * were given back, whose failure led to a retry, and a first delivery that the broker has forgotten.
   */
  readonly lostStarts: number;
  /**
   * Milliseconds since the broker was there again after an outage; Infinity when it never was away. Replicas that hold a
   * message from before it publish what came of it about then.
   */
  readonly sinceOutageMs: () => number;
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
   * @param attributes a function where they take work: it is called for a span that is recorded.
   * @param options.kind `client` for calls to other systems.
   */
  span<T>(
    name: string,
    attributes: SpanAttributes | (() => SpanAttributes),
    work: (span: Span) => Promise<T>,
    options?: { readonly kind?: "internal" | "client" },
  ): Promise<T>;
  /** Publishes a piece of the answer as it comes; lost pieces are the reader's loss, the result is complete. */
  delta(text: string, done?: boolean): void;
  /** Publishes a piece of what the model thinks, in its place among those of the answer. */
  reasoning(piece: ReasoningPiece): void;
  /** Publishes a piece of a call of one of the caller's tools. */
  toolCall(piece: ToolCallPiece): void;
  /** What was published of the answer is no part of it any more: the next piece begins it anew. */
  restartAnswer(): void;
  /** Whether this request has a message of that name on its queue, or its result. Asks the broker. */
  isStored(fact: Fact | "response.ready"): Promise<boolean>;
  /** Puts a provider's call on the bill of the failed result, should the attempt end in one, even by an abort. */
  recordCall(call: ProviderAttempt): void;
  /** Says that the handler has waited until a provider could be asked: the time is not NOCP's. @param waitedMs of `elapsedMs`. */
  recordProviderWait(waitedMs: number): void;
  /** Puts the route that led to no answer into the failed result. */
  recordRoute(route: Route): void;
}

/**
 * From what the topology says that the stage consumes to what it says that the stage emits.
 * @throws NocpError, whose code decides what becomes of the delivery (M5); anything else is retried.
 */
export type Handle<S extends Stage> = (message: Consumed<S>, context: HandlerContext) => Promise<readonly Emission<S>[]>;

/** The providers' calls of earlier starts of a message, for a bill that its handler does not get to write. */
export type CallsBefore<S extends Stage> = (message: Consumed<S>, context: HandlerContext) => Promise<readonly ProviderAttempt[]>;

export interface StageHandlers<S extends Stage> {
  readonly handle: Handle<S>;
  /** Absent in a stage that calls no provider. */
  readonly callsBefore?: CallsBefore<S>;
}

/** A stage that any message may be put to, for the runtime, which reads from the subject what a message is. */
export interface StageDefinition {
  readonly stage: Stage;
  /** @throws NocpError INVALID_MESSAGE for a fact that the stage does not consume. */
  handle(message: StageMessage, context: HandlerContext): Promise<readonly Emission[]>;
  /** Asked about a message that may be repeated, when it fails before its handler runs. */
  callsBefore(message: StageMessage, context: HandlerContext): Promise<readonly ProviderAttempt[]>;
}

/** @param handle is checked against the topology by the compiler, and what it is given is checked here. */
export function defineStage<S extends Stage>({
  stage,
  handle,
  callsBefore,
}: {
  readonly stage: S;
  readonly handle: Handle<NoInfer<S>>;
  readonly callsBefore?: CallsBefore<NoInfer<S>> | undefined;
}): StageDefinition {
  const { consumes } = topologyOf(stage);
  const isConsumed = (message: StageMessage): message is Consumed<S> => consumes.includes(message.fact);
  return {
    stage,
    handle(message, context) {
      if (!isConsumed(message)) throw new NocpError("INVALID_MESSAGE", `${stage} does not consume ${message.fact}`);
      return handle(message, context);
    },
    callsBefore: async (message, context) =>
      callsBefore === undefined || !isConsumed(message) ? [] : callsBefore(message, context),
  };
}
