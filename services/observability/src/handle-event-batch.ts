// Events in, one write out: bad events are counted and left out, so that none can hold up the rest.

import { describeProblems } from "@nocp/contracts/errors/schema-problems.ts";
import {
  type BreakerChange,
  breakerEventBatchSchema,
  type EventKind,
  eventKinds,
  stageEventBatchSchema,
  type Transaction,
  transactionEnvelopeSchema,
  transactionSchema,
} from "@nocp/contracts/event.ts";
import type { HandleBatch, ReceivedEvent } from "@nocp/runtime/stores/event-batch.ts";
import type { ObservabilityMetrics } from "./metrics.ts";
import type { StageIncident, TransactionStore } from "./transaction-store.ts";

export interface EventBatchDependencies {
  readonly store: Pick<TransactionStore, "write">;
  readonly metrics: ObservabilityMetrics;
  /** Told of each event that was left out; the reason names fields, never their values. */
  readonly onInvalid?: (event: ReceivedEvent, reason: string) => void;
  /** Seconds of a clock that only goes forward. */
  readonly clockSeconds?: () => number;
}

interface SortedBatch {
  readonly transactions: Transaction[];
  readonly incidents: StageIncident[];
  /** Counted, and in no table: breakers keep their own last changes. */
  readonly breakerChanges: BreakerChange[];
}

/**
 * `handleBatch` records a batch in one SQLite transaction, then in the metrics; when it returns, the events may be
 * acknowledged. Handing it the same events again changes nothing.
 * It throws only when the write failed; nothing was recorded then.
 */
export function createEventBatchHandler(dependencies: EventBatchDependencies): HandleBatch {
  const { store, metrics, onInvalid, clockSeconds = () => performance.now() / 1000 } = dependencies;

  /** Puts an event where it belongs. @returns why it belongs nowhere. */
  const sortEvent = (kind: EventKind, { service, body }: ReceivedEvent, batch: SortedBatch): string | undefined => {
    if (kind === "transaction") {
      const envelope = transactionEnvelopeSchema.safeParse(body);
      if (!envelope.success) return describeProblems(envelope.error);
      const reasons: string[] = [];
      envelope.data.transactions.forEach((transaction, at) => {
        const parsed = transactionSchema.safeParse(transaction);
        if (parsed.success) batch.transactions.push(parsed.data);
        else reasons.push(`transactions.${at}.${describeProblems(parsed.error)}`);
      });
      return reasons[0];
    }
    if (kind === "breaker-changed") {
      const changes = breakerEventBatchSchema.safeParse(body);
      if (!changes.success) return describeProblems(changes.error);
      batch.breakerChanges.push(...changes.data.changes);
      return undefined;
    }
    const parsed = stageEventBatchSchema.safeParse(body);
    if (!parsed.success) return describeProblems(parsed.error);
    for (const event of parsed.data.events) batch.incidents.push({ ...event, stage: service, kind });
    return undefined;
  };

  return async (events) => {
    const startedAt = clockSeconds();
    const batch: SortedBatch = { transactions: [], incidents: [], breakerChanges: [] };
    for (const event of events) {
      const kind = eventKinds.find((known) => known === event.kind);
      const reason = kind ? sortEvent(kind, event, batch) : "unknown kind of event";
      if (reason === undefined) continue;
      metrics.recordInvalid(kind ?? "unknown");
      onInvalid?.(event, reason);
    }
    const added = store.write(batch);
    added.transactions.forEach(metrics.recordTransaction);
    added.incidents.forEach(metrics.recordIncident);
    batch.breakerChanges.forEach(metrics.recordBreakerChange);
    const recorded = batch.transactions.length + batch.incidents.length + batch.breakerChanges.length;
    metrics.recordWrite(recorded, clockSeconds() - startedAt);
  };
}
