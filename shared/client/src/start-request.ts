// A request whose caller waits for it on another line: submitted, followed, and cancelled when that line breaks.
import type { Delta } from "@nocp/contracts/delta.ts";
import type { NocpRequestInput } from "@nocp/contracts/request.ts";
import { createRequestId } from "@nocp/contracts/request-id.ts";
import type { NocpResult } from "@nocp/contracts/result.ts";
import { defaultTenant } from "@nocp/contracts/topology.ts";
import type { CallerBroker } from "@nocp/runtime/transport/caller-broker.ts";
import type { Context, Tracer } from "@opentelemetry/api";
import { awaitResult } from "./await-result.ts";
import { cancelRequest } from "./cancel-request.ts";
import { type Submitted, submitRequest } from "./submit-request.ts";
import { watchRequest } from "./watch-request.ts";

export interface StartOptions {
  /** How long the result is waited for, in milliseconds. */
  readonly timeoutMs: number;
  /** Nobody used the request's id before, so that the store is not asked for its result first; false when absent. */
  readonly isNew?: boolean | undefined;
  /** Hears of the answer as it is written. */
  readonly onDelta?: ((delta: Delta) => void) | undefined;
  /** The trace that the request is a part of. */
  readonly traceContext?: Context | undefined;
}

export interface StartedRequest {
  readonly requestId: string;
  /** Resolves when the queue has stored the request. @throws what `Client.submit` throws. */
  readonly submitted: Promise<Submitted>;
  /** @throws NocpError RESULT_NOT_FOUND when there is none in time; what `submitted` throws. */
  readonly result: Promise<NocpResult>;
  /** Stops waiting and cancels the request. The result never settles then. */
  cancel(): Promise<void>;
}

export type StartRequest = (request: NocpRequestInput, options: StartOptions) => StartedRequest;

/** Listens before it submits, so that neither a piece of the answer nor the result is missed. */
export const createRequestStarter =
  (broker: CallerBroker, tracer: Tracer | undefined): StartRequest =>
  (request, { timeoutMs, isNew = false, onDelta, traceContext }) => {
    const { tenant = defaultTenant, requestId = createRequestId() } = request;
    const ref = { tenant, requestId };
    const wait = awaitResult(broker, ref, timeoutMs, request.requestId !== undefined && !isNew);
    const watch = onDelta === undefined ? undefined : watchRequest(broker, ref, { onDelta });
    const end = () => {
      wait.cancel();
      watch?.end();
    };
    const submitted = submitRequest(broker, tracer, { ...request, ...ref }, traceContext);
    // Who awaits the result hears of a request that could not be submitted, too.
    const result = Promise.race([submitted.then(() => wait.result), wait.result]).finally(end);
    for (const promise of [submitted, result, wait.result]) promise.catch(() => undefined);
    return {
      requestId,
      submitted,
      result,
      async cancel() {
        end();
        await submitted.catch(() => undefined);
        await cancelRequest(broker, ref, { leaveToStages: true });
      },
    };
  };
