// Collects stage events and sends them in batches, without waiting: the transaction holds the same numbers for good.
import type { EventKind, StageEvent } from "@nocp/contracts/event.ts";
import { eventSubject, progressSubject, type Stage } from "@nocp/contracts/topology.ts";
import type { StageTransport } from "./transport.ts";

/** `stage-completed` is progress: told to whoever watches, and not stored. */
export type StageEventKind = Exclude<EventKind, "transaction"> | "stage-completed";

export interface EventBuffer {
  add(kind: StageEventKind, event: StageEvent): void;
  close(): void;
}

const flushEveryMs = 200;
const flushAtEvents = 200;

export function createEventBuffer({ send }: Pick<StageTransport, "send">, stage: Stage): EventBuffer {
  let buffers = new Map<StageEventKind, StageEvent[]>();
  const flush = () => {
    if (buffers.size === 0) return;
    const full = buffers;
    buffers = new Map();
    for (const [kind, events] of full) {
      const subject = kind === "stage-completed" ? progressSubject(stage) : eventSubject(stage, kind);
      send(subject, JSON.stringify({ v: 1, events }));
    }
  };
  const timer = setInterval(flush, flushEveryMs);
  timer.unref();
  return {
    add(kind, event) {
      const events = buffers.get(kind) ?? [];
      events.push(event);
      buffers.set(kind, events);
      if (events.length >= flushAtEvents) flush();
    },
    close() {
      clearInterval(timer);
      flush();
    },
  };
}
