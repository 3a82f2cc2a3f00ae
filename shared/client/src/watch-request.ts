// Follows a request: its stages as they are done, and its answer as it is written.
import { type Delta, deltaSchema } from "@nocp/contracts/delta.ts";
import { type StageEvent, stageEventBatchSchema } from "@nocp/contracts/event.ts";
import { tidyNumbers } from "@nocp/contracts/json/tidy-numbers.ts";
import type { NocpResult } from "@nocp/contracts/result.ts";
import { deltaSubject, progressSubject, type RequestRef, type Stage } from "@nocp/contracts/topology.ts";
import type { CallerBroker } from "@nocp/runtime/transport/caller-broker.ts";
import { checkRequestRef } from "./check-reference.ts";

/** What a caller wants to hear of a request while it runs. */
export interface RequestWatcher {
  /**
   * A stage settled a message of the request; comes up to a fifth of a second later.
   * @param kind `stage-completed`, with a code when the request failed there, `stage-retried` or `dead-lettered`.
   */
  onStage?(stage: string, kind: string, event: StageEvent): void;
  /** A piece of the answer was written; only of requests that asked for a stream. */
  onDelta?(delta: Delta): void;
}

export interface RequestWatch {
  /** Tells the stages of the result's journey that were not heard of yet: events come later than the result. */
  complete(result: NocpResult): void;
  end(): void;
}

/**
 * Call it before the request is submitted, to miss nothing.
 * @throws NocpError INVALID_REQUEST when the id is none.
 */
export function watchRequest(broker: CallerBroker, request: RequestRef, watcher: RequestWatcher): RequestWatch {
  const { requestId, tenant } = checkRequestRef(request);
  const { connection } = broker;
  const told = new Set<string>();
  const tellStage = (stage: string, kind: string, event: StageEvent) => {
    // An event has all digits of its times, the journey of a result does not.
    const { attempt, queueWaitMs } = tidyNumbers(event);
    const key = `${stage} ${attempt} ${queueWaitMs}`;
    if (told.has(key)) return;
    told.add(key);
    watcher.onStage?.(stage, kind, event);
  };
  const subscriptions: ReturnType<typeof connection.subscribe>[] = [];
  if (watcher.onStage) {
    const tell = (message: { readonly subject: string; json(): unknown }) => {
      const [stage = "", kind = ""] = message.subject.split(".").slice(-2);
      const batch = stageEventBatchSchema.safeParse(message.json());
      for (const event of batch.data?.events ?? []) if (event.requestId === requestId) tellStage(stage, kind, event);
    };
    const subject = progressSubject(tenant, "*" as Stage, "*");
    subscriptions.push(connection.subscribe(subject, { callback: (error, message) => void (error ?? tell(message)) }));
  }
  if (watcher.onDelta) {
    subscriptions.push(
      connection.subscribe(deltaSubject(request), {
        callback: (_error, message) => {
          const delta = deltaSchema.safeParse(message.json());
          if (delta.success) watcher.onDelta?.(delta.data);
        },
      }),
    );
  }
  return {
    complete: (result) => {
      for (const { stage, event } of stageEventsOf(result)) tellStage(stage, "stage-completed", event);
    },
    end: () => {
      for (const subscription of subscriptions) subscription.unsubscribe();
    },
  };
}

/** The events of a finished request, as its journey has them; the last stage has the code of a failed one. */
function stageEventsOf({ requestId, completedAt, journey, error }: NocpResult): { stage: string; event: StageEvent }[] {
  return journey.map(({ stage, ...times }, index) => {
    const isLast = index === journey.length - 1;
    return { stage, event: { requestId, at: completedAt, ...times, code: (isLast && error?.code) || null } };
  });
}
