// Follows a request: its stages as they are done, and its answer as it is written.
import { type Delta, deltaSchema } from "../contracts/delta.ts";
import { type StageEvent, stageEventBatchSchema } from "../contracts/event.ts";
import { deltaSubject, progressSubject, type Stage, subjectPrefix } from "../contracts/topology.ts";
import type { Broker } from "../messaging/broker.ts";
import { checkRequestId } from "./check-reference.ts";

export interface RequestWatcher {
  /** A stage settled a message of the request; comes up to a fifth of a second later. */
  onStage?(stage: string, kind: string, event: StageEvent): void;
  onDelta?(delta: Delta): void;
}

/**
 * @returns a function that ends the watch. Call it before the request is submitted, to miss nothing.
 * @throws NocpError INVALID_REQUEST when the id is none.
 */
export function watchRequest(broker: Broker, requestId: string, watcher: RequestWatcher): () => void {
  checkRequestId(requestId);
  const { connection } = broker;
  const subscriptions: ReturnType<typeof connection.subscribe>[] = [];
  if (watcher.onStage) {
    const tell = (message: { readonly subject: string; json(): unknown }) => {
      const [stage = "", kind = "stage-completed"] = message.subject.split(".").slice(3);
      const batch = kind === "transaction" ? undefined : stageEventBatchSchema.safeParse(message.json());
      for (const event of batch?.data?.events ?? []) if (event.requestId === requestId) watcher.onStage?.(stage, kind, event);
    };
    for (const subject of [progressSubject("*" as Stage), `${subjectPrefix}.event.*.*`])
      subscriptions.push(connection.subscribe(subject, { callback: (error, message) => void (error ?? tell(message)) }));
  }
  if (watcher.onDelta) {
    subscriptions.push(
      connection.subscribe(deltaSubject(requestId), {
        callback: (_error, message) => {
          const delta = deltaSchema.safeParse(message.json());
          if (delta.success) watcher.onDelta?.(delta.data);
        },
      }),
    );
  }
  return () => {
    for (const subscription of subscriptions) subscription.unsubscribe();
  };
}
