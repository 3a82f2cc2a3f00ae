// What callers use: submit a request, wait for its result, follow it, cancel it, look after dead letters and sessions.

import { withTimeLimit } from "@nocp/contracts/abortable.ts";
import type { NocpRequestInput } from "@nocp/contracts/request.ts";
import { createRequestId } from "@nocp/contracts/request-id.ts";
import type { NocpResult } from "@nocp/contracts/result.ts";
import { defaultsOf } from "@nocp/contracts/settings/setting.ts";
import { defaultTenant, type RequestRef } from "@nocp/contracts/topology.ts";
import { messagingSection, natsSection } from "@nocp/runtime/config/sections.ts";
import { type CallerBroker, openCallerBroker } from "@nocp/runtime/transport/caller-broker.ts";
import type { Tracer } from "@opentelemetry/api";
import { awaitResult, lookForResult } from "./await-result.ts";
import { cancelRequest } from "./cancel-request.ts";
import { createDeadLetters, type DeadLetters } from "./dead-letters.ts";
import { findLocalDeployment } from "./local-deployment.ts";
import { createSessions, type Sessions } from "./sessions.ts";
import { type Submitted, submitRequest } from "./submit-request.ts";
import { type RequestWatcher, watchRequest } from "./watch-request.ts";

/**
 * How to reach NATS. Everything has a default: `createClient()` connects to what `./nocp up` runs in this folder or one above
 * it, as tenant `default`; else to `nats://127.0.0.1:4222`.
 */
export interface ClientOptions {
  /** Servers to connect to, separated by commas. An address may hold a user and a password. */
  readonly natsUrl?: string;
  /** User name, where it is not part of `natsUrl`. */
  readonly user?: string;
  /** Password of the user. */
  readonly password?: string;
  /** Token, for servers that use one instead of users. */
  readonly token?: string;
  /** Path of a `.creds` file. */
  readonly credentialsFile?: string;
  /** Path of a file with the seed of an NKey. */
  readonly nkeyFile?: string;
  /** Begins the subjects on which replies arrive, where the user may subscribe to these only; `_INBOX` unless given. */
  readonly inboxPrefix?: string;
  /** How long the first connection may take, in milliseconds; 5,000 unless given. Later outages are waited out. */
  readonly connectTimeoutMs?: number;
  /** Largest request that is sent, in bytes of JSON; 16 MiB unless given. Services refuse larger ones in any case. */
  readonly maxRequestBytes?: number;
  /** Whose requests these are, unless a request or a call says otherwise; `default` unless given. */
  readonly tenant?: string;
  /** Records the publishing of a request as the root of its trace; without it the first service begins the trace. */
  readonly tracer?: Tracer;
}

/** Which request is meant: ids are unique within a tenant. */
export interface TenantOptions {
  /** The client's own unless given. */
  readonly tenant?: string;
}

/** How `Client.result` waits. */
export interface ResultOptions extends TenantOptions {
  /** How long to wait, in milliseconds; five minutes unless given, 0 looks once. */
  readonly timeoutMs?: number;
}

/** How `Client.ask` waits. */
export interface AskOptions {
  /** How long to wait, in milliseconds; five minutes unless given. */
  readonly timeoutMs?: number;
  /** Hears of every stage of the request before the promise resolves, and of the answer as it is written. */
  readonly watcher?: RequestWatcher;
}

/** A connection to NOCP. Whatever takes a request id throws NocpError INVALID_REQUEST for one that is no UUID. */
export interface Client {
  /**
   * Puts a request onto the queue. Resolves when the broker has stored it: from then on it ends in a result, whatever
   * crashes.
   * @throws NocpError INVALID_REQUEST, REQUEST_TOO_LARGE, QUEUE_FULL, PUBLISH_FAILED, NOT_PROVISIONED.
   */
  submit(request: NocpRequestInput): Promise<Submitted>;
  /**
   * Waits for the result of a request, or fetches it when it is there already.
   * @throws NocpError RESULT_NOT_FOUND when there is none after `timeoutMs`.
   */
  result(requestId: string, options?: ResultOptions): Promise<NocpResult>;
  /**
   * Submits a request and waits for its result; nothing is missed in between. A request that failed resolves too: look
   * at `status` and `error` of the result.
   * @throws NocpError RESULT_NOT_FOUND when there is none after `timeoutMs`, also when the broker never answered: the
   * request may be on the queue nonetheless. Otherwise what `submit` throws.
   */
  ask(request: NocpRequestInput, options?: AskOptions): Promise<NocpResult>;
  /**
   * Follows a request that somebody else submits, or that is submitted after this call.
   * @returns stops it.
   */
  watch(requestId: string, watcher: RequestWatcher, options?: TenantOptions): () => void;
  /**
   * Cancels a request, whether it waits in a queue or is being worked on.
   * @returns the result that stands: failed with CANCELLED, or the answer if that was faster.
   * @throws NocpError RESULT_NOT_FOUND when the request is on no queue and has no result.
   */
  cancel(requestId: string, options?: TenantOptions): Promise<NocpResult>;
  /** Messages that could not be handled. */
  readonly deadLetters: DeadLetters;
  /** Conversations that NOCP keeps. */
  readonly sessions: Sessions;
  /** Sends what was published and closes; a broker that answers nothing is left after some seconds. */
  close(): Promise<void>;
}

const defaultConnectTimeoutMs = 5_000;
const defaultResultTimeoutMs = 5 * 60_000;
const closeTimeoutMs = 5_000;

/**
 * Connects to NATS.
 * @throws NocpError NOT_CONNECTED when no server answers in time, NOT_AUTHORIZED when one refuses the user.
 */
export async function createClient(options: ClientOptions = {}): Promise<Client> {
  const { maxRequestBytes, connectTimeoutMs, tracer, tenant } = options;
  const { natsUrl, ...access } = { ...options, ...localAccessOf(options) };
  const { user, password, token, credentialsFile, nkeyFile, inboxPrefix } = access;
  const broker = await openCallerBroker({
    nats: withDefaults(defaultsOf(natsSection), {
      ...{ url: natsUrl, user, password, token, credentialsFile, nkeyFile, inboxPrefix },
    }),
    messaging: withDefaults(defaultsOf(messagingSection), { maxRequestBytes }),
    name: "nocp-client",
    firstConnectTimeoutMs: connectTimeoutMs ?? defaultConnectTimeoutMs,
  });
  return createClientOn(broker, tracer, tenant);
}

/** Of what `./nocp up` runs on this machine, when that is what the options mean. */
function localAccessOf({ natsUrl, user, token, credentialsFile, nkeyFile }: ClientOptions): ClientOptions {
  if ([user, token, credentialsFile, nkeyFile].some((given) => given !== undefined)) return {};
  const local = findLocalDeployment(process.cwd());
  return local && (natsUrl === undefined || natsUrl === local.natsUrl) ? local : {};
}

const withDefaults = <T extends object>(defaults: T, given: { readonly [K in keyof T]?: T[K] | undefined }): T => ({
  ...defaults,
  ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
});

/** A client on a connection that is open already; it closes with the client. */
export function createClientOn(broker: CallerBroker, tracer?: Tracer, own: string = defaultTenant): Client {
  const refOf = (requestId: string, { tenant = own }: TenantOptions = {}): RequestRef => ({ tenant, requestId });
  return {
    submit: (request) => submitRequest(broker, tracer, { ...request, tenant: request.tenant ?? own }),
    result: async (requestId, { timeoutMs = defaultResultTimeoutMs, ...options } = {}) => {
      const request = refOf(requestId, options);
      return timeoutMs > 0 ? awaitResult(broker, request, timeoutMs, true).result : lookForResult(broker, request);
    },
    async ask(request, { timeoutMs = defaultResultTimeoutMs, watcher } = {}) {
      const requestId = request.requestId ?? createRequestId();
      const stream = request.stream ?? watcher?.onDelta !== undefined;
      // A request id that was used before may have its result already.
      const tenant = request.tenant ?? own;
      const ref = { tenant, requestId };
      const wait = awaitResult(broker, ref, timeoutMs, request.requestId !== undefined);
      const watch = watcher ? watchRequest(broker, ref, watcher) : undefined;
      try {
        // A race, because the time may be over while the broker has not answered yet.
        await Promise.race([submitRequest(broker, tracer, { ...request, ...ref, stream }), wait.result]);
        const result = await wait.result;
        watch?.complete(result);
        return result;
      } finally {
        wait.cancel();
        watch?.end();
      }
    },
    watch: (requestId, watcher, options) => watchRequest(broker, refOf(requestId, options), watcher).end,
    cancel: async (requestId, options) => cancelRequest(broker, refOf(requestId, options)),
    deadLetters: createDeadLetters(broker),
    sessions: createSessions(broker),
    close: () => closeWithin(broker, closeTimeoutMs),
  };
}

/** Draining never settles when its answer does not come, even after the connection was closed. */
async function closeWithin(broker: CallerBroker, timeoutMs: number): Promise<void> {
  const onTimeout = () => new Error("the broker does not answer");
  await withTimeLimit(broker.close, { timeoutMs, onTimeout }).catch(() => broker.connection.close());
}
