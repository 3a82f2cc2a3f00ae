// What a stage needs of whatever carries its messages. NATS is one; nothing in `stage` knows which one it is.

import type { Delta } from "@nocp/contracts/delta.ts";
import type { NocpResult } from "@nocp/contracts/result.ts";
import type { GiveUp } from "@nocp/contracts/retry.ts";
import type { Fact, FactAddress, QueueLane, RequestRef, Stage } from "@nocp/contracts/topology.ts";
import type { Context } from "@opentelemetry/api";
import type { z } from "zod";
import type { RecordStore } from "../stores/record-store.ts";
import type { HandOver, Handover } from "./handover.ts";
import type { MessageHeaders } from "./message-headers.ts";

/** A message as it was handed out: its place in the stream, and what may be said of it. */
export interface DeliveredMessage {
  readonly subject: string;
  readonly headers: MessageHeaders | undefined;
  /** Of the whole body, wherever it is kept (M8). */
  readonly bodyBytes: number;
  /** Rises with every message of the stream. */
  readonly streamSequence: number;
  /** How often it was handed out, this time included. */
  readonly deliveryCount: number;
  /** Rises with every handing-out of the consumer, as long as the broker remembers them. */
  readonly handoutSequence: number;
  /** Milliseconds since the epoch: when it was stored. */
  readonly storedAt: number;
  /**
   * Set of a copy that passed the line: the stream sequence of what it was copied from, which may have been handed out. All else
   * that is said of the message is then of that one, but for its place in the stream.
   */
  readonly movedFrom?: number | undefined;
  /** Set where the message never left the process: then there is nothing to decode. */
  readonly handover?: Handover | undefined;
  /**
   * @param maxBytes of a body that was kept apart.
   * @throws NocpError CLAIM_MISSING when the body was kept apart and is gone, REQUEST_TOO_LARGE when more than that arrives.
   */
  body(maxBytes?: number): Uint8Array | Promise<Uint8Array>;
  /** Renews the lease. These four are fire and forget: a lost one leads to a redelivery. */
  renew(): void;
  ack(): void;
  /** Given back, to be handed out again after `delayMs`. */
  giveBack(delayMs: number): void;
  /** Ends it without success: nobody gets it again. @param reason a code, for operators. */
  terminate(reason: string): void;
  /** Ends a copy whose original is handed out by itself. */
  drop?(): void;
  /** It cannot be settled, and is renewed no more. Nothing is to be done where a lease runs out by itself. */
  abandon?(): void;
}

export interface ConsumeOptions {
  /** How many more messages the stage can take now, those already asked for not deducted. */
  readonly room: () => number;
  onMessage(message: DeliveredMessage): void;
  readonly onProblem: (description: string) => void;
}

export interface MessageSource {
  /** Call whenever there may be more room. */
  refill(): void;
  /** No further requests; messages that are on their way still arrive. */
  stop(): void;
  close(): void;
}

export interface Publication {
  readonly subject: string;
  /** Whose it is: a large body is stored as this tenant's. */
  readonly tenant: string;
  readonly body: Uint8Array;
  /** A message whose id is known already is dropped (M2). */
  readonly messageId: string;
  /** The span that publishes it, carried on to the reader. */
  readonly traceContext?: Context;
  /** Beside those that the transport sets. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Refuse when the subject holds a message already. */
  readonly onlyFirst?: boolean;
  /** When the stream takes no more: `wait`, as work that was accepted must, or `refuse` (the default), as the edge must. */
  readonly whenFull?: "wait" | "refuse";
  /** A dead letter's body is kept longer. */
  readonly isDeadLetter?: boolean;
  /** Called once, and awaited, when the first try failed; what it throws is ignored. */
  readonly onDelay?: (() => Promise<void>) | undefined;
}

export interface PublishOutcome {
  readonly stream: string;
  readonly sequence: number;
  /**
   * `stored`, or why it need not be: `duplicate`, the id is known; `waiting`, the ingress holds the request already
   * (only with `whenFull: "refuse"`); `superseded`, the subject's first message is there.
   */
  readonly outcome: "stored" | "duplicate" | "waiting" | "superseded";
}

/**
 * Resolves when the message is stored; tries again through an outage until it is time to give up.
 * @throws NocpError QUEUE_FULL when the stream refuses new messages, PUBLISH_FAILED otherwise.
 */
export type Publish = (publication: Publication, until: GiveUp) => Promise<PublishOutcome>;

/** Whether a request has a message of that name on its queue, or its result. @throws Error when nobody answers. */
export type IsStored = (fact: Fact | "response.ready", request: FactAddress) => Promise<boolean>;

/** What may become of a copy that passed the line: `later` when its original may have been handed out just now. */
export type CopyClaim = "handle" | "drop" | "later";

/** Lets messages pass those that wait before them in the interactive lane, by copying them to the passing lane. */
export interface Passing {
  /**
   * The tenants of all that waits, which takes the broker some milliseconds for each 10,000 messages; none where less than
   * `margin` waits. @throws Error when the broker does not answer.
   */
  tenantsInLine(stage: Stage, margin: number): Promise<string[]>;
  /**
   * Copies the next message of each tenant, in this order, unless there is no line, or others are still passing it.
   * @param margin messages at the head of the line that are left alone: they are handed out soon.
   * @returns the tenants of what was copied.
   * @throws Error when the broker does not answer or allow it.
   */
  letPass(
    stage: Stage,
    tenants: readonly string[],
    limits: { readonly most: number; readonly margin: number },
  ): Promise<string[]>;
  /**
   * Deletes what the message was copied from, unless that was handed out, or is at the head of the line meanwhile. To be asked
   * before a copy is handled, again for each handing-out. @throws Error when the broker does not answer.
   */
  claim(stage: Stage, copy: DeliveredMessage, margin: number): Promise<CopyClaim>;
}

export interface StageTransport {
  consume(stage: Stage, lane: QueueLane, options: ConsumeOptions): MessageSource;
  /** The last sequence in a stage's stream; 0 for none. @throws Error when the stream does not exist. */
  lastSequence(stage: Stage): Promise<number>;
  readonly publish: Publish;
  /** Set where messages wait in a line outside of the process. */
  readonly passing?: Passing | undefined;
  /** Set where the next stages run in this process: the message is handed to them, and not stored. */
  readonly handOver?: HandOver;
  /** Set where callers in this process may wait for results. @returns the result that stands; `undefined` when none waits. */
  readonly answer?: (result: NocpResult) => NocpResult | undefined;
  /** Fire and forget, and not stored. */
  send(subject: string, body: string): void;
  /** The same, of a piece of a request's answer. */
  sendDelta(request: RequestRef, delta: Delta): void;
  /** Largest body of `send`, in bytes. */
  maxSendBytes(): number;
  /** Every replica hears of a cancellation. @returns what ends the listening. */
  onCancel(listener: (request: RequestRef) => void): () => void;
  /** One replica of the stage hears of it. @returns what ends the listening. */
  onCancelOnce(stage: Stage, listener: (request: RequestRef) => void): () => void;
  /** Deletes what waits of a request in the stage's queue, or is being worked on. @returns whether there was anything. */
  takeOffQueue(stage: Stage, request: RequestRef): Promise<boolean>;
  /**
   * Tells when the broker may have forgotten what it handed out and which ids it knows: `lost` when contact is lost, and
   * `regained` when it is there again. @returns what ends the listening.
   */
  onOutage(listener: { lost(): void; regained(): void }): () => void;
  readonly isStored: IsStored;
  /** The result that stands. */
  resultOf(request: RequestRef): Promise<NocpResult | undefined>;
  /** @param patienceMs how long an outage is waited out. */
  records<T>(name: string, schema: z.ZodType<T>, patienceMs: number): Promise<RecordStore<T>>;
}
