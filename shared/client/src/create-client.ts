// What callers use: submit a request, wait for its result, follow it, cancel it, look after dead letters.

import { withTimeLimit } from "@nocp/contracts/abortable.ts";
import type { NocpRequestInput } from "@nocp/contracts/request.ts";
import { createRequestId } from "@nocp/contracts/request-id.ts";
import type { NocpResult } from "@nocp/contracts/result.ts";
import type { SectionValues } from "@nocp/contracts/settings/setting.ts";
import { loadConfig } from "@nocp/runtime/config/load-config.ts";
import { messagingSection, natsSection } from "@nocp/runtime/config/sections.ts";
import { type Broker, openBroker } from "@nocp/runtime/transport/broker.ts";
import type { Tracer } from "@opentelemetry/api";
import { awaitResult, lookForResult } from "./await-result.ts";
import { cancelRequest } from "./cancel-request.ts";
import { createDeadLetters, type DeadLetters } from "./dead-letters.ts";
import { createSessions, type Sessions } from "./sessions.ts";
import { type Submitted, submitRequest } from "./submit-request.ts";
import { type RequestWatcher, watchRequest } from "./watch-request.ts";

export interface ClientOptions {
  /** Servers, separated by commas; credentials and the like through `nats`. */
  readonly natsUrl?: string;
  readonly nats?: Partial<SectionValues<typeof natsSection>>;
  readonly messaging?: Partial<SectionValues<typeof messagingSection>>;
  /** Records the publishing of a request as the root of its trace; without it the first service begins the trace. */
  readonly tracer?: Tracer;
  readonly connectTimeoutMs?: number;
}

/** Whatever takes a request id throws NocpError INVALID_REQUEST for one that is no UUID. */
export interface Client {
  /** The connection and what is built on it, for commands that look after the queue itself. */
  readonly broker: Broker;
  submit(request: NocpRequestInput): Promise<Submitted>;
  /** @throws NocpError RESULT_NOT_FOUND when there is none after `timeoutMs`; 0 looks once. */
  result(requestId: string, options?: { readonly timeoutMs?: number }): Promise<NocpResult>;
  /**
   * Submits and waits; nothing is missed in between.
   * @param options.watcher hears of every stage of the request before the promise resolves.
   * @throws NocpError RESULT_NOT_FOUND when there is none after `timeoutMs`, also when the broker never answered: the
   * request may be on the queue nonetheless. Else what `submit` throws.
   */
  ask(
    request: NocpRequestInput,
    options?: { readonly timeoutMs?: number; readonly watcher?: RequestWatcher },
  ): Promise<NocpResult>;
  watch(requestId: string, watcher: RequestWatcher): () => void;
  /** @returns the result that stands. @throws NocpError RESULT_NOT_FOUND when the request is on no queue and has none. */
  cancel(requestId: string): Promise<NocpResult>;
  readonly deadLetters: DeadLetters;
  readonly sessions: Sessions;
  /** Sends what was published and closes; a broker that answers nothing is left after some seconds. */
  close(): Promise<void>;
}

const DEFAULT_CONNECT_TIMEOUT_MS = 5_000;
const DEFAULT_RESULT_TIMEOUT_MS = 5 * 60_000;
const CLOSE_TIMEOUT_MS = 5_000;

/** @throws NocpError NOT_CONNECTED when there is no NATS. */
export async function createClient(options: ClientOptions = {}): Promise<Client> {
  const defaults = loadConfig([natsSection, messagingSection]);
  const broker = await openBroker({
    nats: {
      ...defaults.section(natsSection),
      ...options.nats,
      ...(options.natsUrl === undefined ? {} : { url: options.natsUrl }),
    },
    messaging: { ...defaults.section(messagingSection), ...options.messaging },
    name: "nocp-client",
    firstConnectTimeoutMs: options.connectTimeoutMs ?? DEFAULT_CONNECT_TIMEOUT_MS,
  });
  const { tracer } = options;
  return {
    broker,
    submit: (request) => submitRequest(broker, tracer, request),
    result: async (requestId, { timeoutMs = DEFAULT_RESULT_TIMEOUT_MS } = {}) =>
      timeoutMs > 0 ? awaitResult(broker, requestId, timeoutMs, true).result : lookForResult(broker, requestId),
    async ask(request, { timeoutMs = DEFAULT_RESULT_TIMEOUT_MS, watcher } = {}) {
      const requestId = request.requestId ?? createRequestId();
      // A request id that was used before may have its result already.
      const wait = awaitResult(broker, requestId, timeoutMs, request.requestId !== undefined);
      const watch = watcher ? watchRequest(broker, requestId, watcher) : undefined;
      try {
        // A race, because the time may be over while the broker has not answered yet.
        await Promise.race([submitRequest(broker, tracer, { ...request, requestId }), wait.result]);
        const result = await wait.result;
        watch?.complete(result);
        return result;
      } finally {
        wait.cancel();
        watch?.end();
      }
    },
    watch: (requestId, watcher) => watchRequest(broker, requestId, watcher).end,
    cancel: (requestId) => cancelRequest(broker, requestId),
    deadLetters: createDeadLetters(broker),
    sessions: createSessions(broker),
    close: () => closeWithin(broker, CLOSE_TIMEOUT_MS),
  };
}

/** Draining never settles when its answer does not come, even after the connection was closed. */
async function closeWithin(broker: Broker, timeoutMs: number): Promise<void> {
  const onTimeout = () => new Error("the broker does not answer");
  await withTimeLimit(broker.close, { timeoutMs, onTimeout }).catch(() => broker.connection.close());
}
