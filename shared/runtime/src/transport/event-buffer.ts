// Collects stage events and sends them in batches, without waiting: the transaction holds the same numbers for good.
import type { NatsConnection } from "@nats-io/nats-core";
import type { EventKind, StageEvent } from "@nocp/contracts/event.ts";
import { eventSubject, progressSubject, type Stage } from "@nocp/contracts/topology.ts";

/** `stage-completed` is progress: told to whoever watches, and not stored. */
export type StageEventKind = Exclude<EventKind, "transaction"> | "stage-completed";

export interface EventBuffer {
  add(kind: StageEventKind, event: StageEvent): void;
  flush(): void;
  close(): void;
}

const FLUSH_EVERY_MS = 200;
const FLUSH_AT_EVENTS = 200;

export function createEventBuffer(connection: NatsConnection, stage: Stage): EventBuffer {
  let buffers = new Map<StageEventKind, StageEvent[]>();
  const flush = () => {
    if (buffers.size === 0 || connection.isClosed()) return;
    const full = buffers;
    buffers = new Map();
    for (const [kind, events] of full) {
      const subject = kind === "stage-completed" ? progressSubject(stage) : eventSubject(stage, kind);
      connection.publish(subject, JSON.stringify({ v: 1, events }));
    }
  };
  const timer = setInterval(flush, FLUSH_EVERY_MS);
  timer.unref();
  return {
    add(kind, event) {
      const events = buffers.get(kind) ?? [];
      events.push(event);
      buffers.set(kind, events);
      if (events.length >= FLUSH_AT_EVENTS) flush();
    },
    flush,
    close() {
      clearInterval(timer);
      flush();
    },
  };
}
