// Events as observability is handed them, many at once.

/** An event as it arrived; its body is not checked yet. */
export interface ReceivedEvent {
  /** Who sent it: a service, or `client`. */
  readonly service: string;
  /** One of `eventKinds`, or what a newer sender may have. */
  readonly kind: string;
  /** Parsed JSON, or `undefined` when it is none. */
  readonly body: unknown;
  readonly sequence: number;
}

/** Writes a batch. Idempotent: a batch is handed in again when writing it failed or the process died. */
export type HandleBatch = (events: readonly ReceivedEvent[]) => Promise<void>;
