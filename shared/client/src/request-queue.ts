// Requests that their callers come back for: submitted, looked for, followed and cancelled in calls of their own.
import type { NocpRequestInput } from "@nocp/contracts/request.ts";
import type { NocpResult } from "@nocp/contracts/result.ts";
import { type RequestRef, resultSubject } from "@nocp/contracts/topology.ts";
import type { CallerBroker } from "@nocp/runtime/transport/caller-broker.ts";
import type { Context, Tracer } from "@opentelemetry/api";
import { awaitResult } from "./await-result.ts";
import { cancelRequest } from "./cancel-request.ts";
import { checkRequestRef } from "./check-reference.ts";
import { createDeadLetters, type DeadLetters } from "./dead-letters.ts";
import { recordTransaction } from "./record-transaction.ts";
import { createSessions, type Sessions } from "./sessions.ts";
import { type Submitted, submitRequest } from "./submit-request.ts";
import { type RequestWatch, type RequestWatcher, watchRequest } from "./watch-request.ts";

export interface RequestQueue {
  /** @throws what `Client.submit` throws. */
  submit(request: NocpRequestInput & { readonly tenant: string }, parent?: Context): Promise<Submitted>;
  /** @returns undefined when there is no result yet. */
  find(request: RequestRef): Promise<NocpResult | undefined>;
  /** Looks at once. @returns undefined when there is no result within the time, or the signal ends the wait. */
  wait(request: RequestRef, timeoutMs: number, signal: AbortSignal): Promise<NocpResult | undefined>;
  /** Tells of the request while it runs. */
  watch(request: RequestRef, watcher: RequestWatcher): RequestWatch;
  /** Tells once that a result has come, if this connection hears of it: whoever must not miss it also looks. @returns ends it. */
  onResult(request: RequestRef, listener: () => void): () => void;
  /** @throws NocpError RESULT_NOT_FOUND when the request is on no queue and has no result. */
  cancel(request: RequestRef): Promise<NocpResult>;
  /** Conversations that NOCP keeps. */
  readonly sessions: Sessions;
  /** Messages that could not be handled. */
  readonly deadLetters: DeadLetters;
  /** Puts a call on the bill that was answered without the queue. @throws NocpError PUBLISH_FAILED. */
  record(result: NocpResult): Promise<void>;
}

export const createRequestQueue = (broker: CallerBroker, tracer: Tracer | undefined): RequestQueue => ({
  submit: (request, parent) => submitRequest(broker, tracer, request, parent),
  find: (request) => broker.results.get(checkRequestRef(request)),
  async wait(request, timeoutMs, signal) {
    const { result, cancel } = awaitResult(broker, request, timeoutMs, true);
    const { promise: ended, resolve: end } = Promise.withResolvers<undefined>();
    const onAbort = () => end(undefined);
    signal.addEventListener("abort", onAbort, { once: true });
    if (signal.aborted) onAbort();
    try {
      return await Promise.race([result.catch(whenNone), ended]);
    } finally {
      cancel();
      signal.removeEventListener("abort", onAbort);
    }
  },
  watch: (request, watcher) => watchRequest(broker, request, watcher),
  onResult(request, listener) {
    const callback = (error: Error | null) => void (error ?? listener());
    const subscription = broker.connection.subscribe(resultSubject(checkRequestRef(request)), { max: 1, callback });
    return () => {
      if (!subscription.isClosed()) subscription.unsubscribe();
    };
  },
  cancel: (request) => cancelRequest(broker, request, { leaveToStages: true }),
  sessions: createSessions(broker),
  deadLetters: createDeadLetters(broker),
  record: (result) => recordTransaction(broker, "gateway", result),
});

function whenNone(error: unknown): undefined {
  if ((error as { readonly code?: unknown }).code !== "RESULT_NOT_FOUND") throw error;
}
