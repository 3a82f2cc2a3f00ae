// Collects stage events and sends them in batches, without waiting: the transaction holds the same numbers for good.
// Observability gets one stored batch of a kind; those who watch get a batch of their own tenant's.
import type { DeliveryEventKind, StageEvent } from "@nocp/contracts/event.ts";
import { eventSubject, progressSubject, type Stage } from "@nocp/contracts/topology.ts";
import type { StageTransport } from "./transport.ts";

/** `stage-completed` is progress: told to whoever watches, and not stored. */
export type StageEventKind = DeliveryEventKind | "stage-completed";

export interface EventBuffer {
  add(kind: StageEventKind, tenant: string, event: StageEvent): void;
  close(): void;
}

const flushEveryMs = 200;
const flushAtEvents = 200;

export function createEventBuffer({ send }: Pick<StageTransport, "send">, stage: Stage): EventBuffer {
  /** Batches by the subject that they go to. */
  let batches = new Map<string, StageEvent[]>();
  const flush = () => {
    const full = batches;
    batches = new Map();
    for (const [subject, events] of full) send(subject, JSON.stringify({ v: 1, events }));
  };
  const put = (subject: string, event: StageEvent) => {
    const events = batches.get(subject) ?? [];
    events.push(event);
    batches.set(subject, events);
    if (events.length >= flushAtEvents) flush();
  };
  const timer = setInterval(flush, flushEveryMs);
  timer.unref();
  return {
    add(kind, tenant, event) {
      put(progressSubject(tenant, stage, kind), event);
      if (kind !== "stage-completed") put(eventSubject(stage, kind), event);
    },
    close() {
      clearInterval(timer);
      flush();
    },
  };
}
