// Pulls messages of one durable, exactly as many as there is room for.
//
// The client's own `consume` fetches ahead on its side, where a waiting message's lease runs out unseen. Here the
// owner says how many it can take; requests are topped up when a quarter of that is open, so that a busy service
// asks once for many messages and an idle one has a standing request.
import { createInbox, type Msg, nanos } from "@nats-io/nats-core";
import type { ConsumeOptions, MessageSource } from "../stage/transport.ts";
import { type BrokerMessage, brokerMessageOf, type SettlingResources } from "./broker-message.ts";

export interface PullOptions extends Omit<ConsumeOptions, "onMessage"> {
  readonly stream: string;
  readonly durable: string;
  readonly onMessage: (message: BrokerMessage) => void;
}

const expiresMs = 30_000;
const heartbeatMs = 2_000;
const problemWaitMs = 500;
/** Part of the room that must be open before the next request. */
const refillShare = 0.25;

export function createPullSubscription(resources: SettlingResources, options: PullOptions): MessageSource {
  const { connection, outbox } = resources;
  const inbox = createInbox(resources.inboxPrefix);
  const requestSubject = `$JS.API.CONSUMER.MSG.NEXT.${options.stream}.${options.durable}`;
  /** Messages asked for and not yet received. */
  let requested = 0;
  let stopped = false;
  let lastHeardAt = Date.now();

  const ask = () => {
    if (stopped || connection.isClosed()) return;
    const room = options.room();
    const open = room - requested;
    if (open <= 0 || open < room * refillShare) return;
    requested += open;
    const body = { batch: open, expires: nanos(expiresMs), idle_heartbeat: nanos(heartbeatMs) };
    outbox.publish(requestSubject, JSON.stringify(body), { reply: inbox });
  };
  /** Messages that end in the same turn leave room for one request, which goes out with their acknowledgements. */
  const refill = () => outbox.atTurnEnd(ask);
  const startOver = () => {
    requested = 0;
    lastHeardAt = Date.now();
    refill();
  };

  const onStatus = (message: Msg) => {
    const status = message.headers;
    const code = status?.code ?? 0;
    if (code === 100) return;
    if (code === 404 || code === 408 || code === 409) {
      // Every one of them ends a request and says how much of it was not served.
      requested -= Number(status?.get("Nats-Pending-Messages") || requested);
      if (requested < 0) requested = 0;
      if (code !== 409) return refill();
    }
    options.onProblem(`${code} ${status?.description ?? ""}`.trim());
    setTimeout(startOver, problemWaitMs).unref();
  };

  const subscription = connection.subscribe(inbox, {
    callback: (error, message) => {
      if (error) return options.onProblem(error.message);
      lastHeardAt = Date.now();
      const delivered = brokerMessageOf(message, resources);
      if (!delivered) return onStatus(message);
      requested = Math.max(0, requested - 1);
      options.onMessage(delivered);
    },
  });

  // A lost request (broker restarted, connection cut) is noticed by the silence of its heartbeats.
  const watch = setInterval(() => {
    if (!stopped && Date.now() - lastHeardAt > 2 * heartbeatMs) startOver();
  }, heartbeatMs);
  watch.unref();
  (async () => {
    for await (const status of connection.status()) {
      if (status.type === "reconnect") startOver();
      if (stopped) break;
    }
  })().catch(() => {});

  refill();
  return {
    refill,
    stop: () => {
      stopped = true;
      clearInterval(watch);
    },
    close: () => {
      stopped = true;
      clearInterval(watch);
      subscription.unsubscribe();
    },
  };
}
