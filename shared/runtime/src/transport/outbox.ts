// What is published within one turn of the event loop goes out in one write.
//
// The client writes to its socket in a microtask after each publish. Handlers that end within the same turn get there one after
// the other, so each emission and each acknowledgement would be a system call here, and another one of the server, which reads it.
import type { NatsConnection, PublishOptions } from "@nats-io/nats-core";

export interface Outbox {
  /**
   * Publishes at the end of the turn, in the order of the calls.
   * @param onError told when that fails: the connection is closed, or the message is too large for the server.
   */
  publish(subject: string, body: Uint8Array | string, options?: PublishOptions, onError?: (error: Error) => void): void;
  /** Runs work at the end of the turn, once, however often it is asked for; what it publishes goes out in the same write. */
  atTurnEnd(work: () => void): void;
  /** Publishes what waits at once: before the connection is drained. */
  flush(): void;
}

interface Outgoing {
  readonly subject: string;
  readonly body: Uint8Array | string;
  readonly options: PublishOptions | undefined;
  readonly onError: ((error: Error) => void) | undefined;
}

export function createOutbox(connection: Pick<NatsConnection, "publish">): Outbox {
  let waiting: Outgoing[] = [];
  const works = new Set<() => void>();
  let isDue = false;
  const flush = (): void => {
    try {
      for (const work of works) work();
    } finally {
      works.clear();
      isDue = false;
      // Also where a work fails: acknowledgements would wait until something else is published.
      publishWaiting();
    }
  };
  const publishWaiting = (): void => {
    const gathered = waiting;
    waiting = [];
    for (const { subject, body, options, onError } of gathered) {
      try {
        connection.publish(subject, body, options);
      } catch (error) {
        onError?.(error as Error);
      }
    }
  };
  const flushAtTurnEnd = (): void => {
    if (isDue) return;
    isDue = true;
    setImmediate(flush);
  };
  return {
    publish(subject, body, options, onError) {
      waiting.push({ subject, body, options, onError });
      flushAtTurnEnd();
    },
    atTurnEnd(work) {
      works.add(work);
      flushAtTurnEnd();
    },
    flush,
  };
}
