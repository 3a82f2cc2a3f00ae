// The bare pipe: the same streams and consumers, with handlers that do nothing. What the queue itself costs.
//
// In one process, with nothing but the NATS client: no validation, no spans, no counting, no leases, no records.
import { randomUUID } from "node:crypto";
import { loadConfig } from "@nocp/shared/config/load-config.ts";
import { messagingSection, natsSection } from "@nocp/shared/config/sections.ts";
import { durableOf, factSubject, resultSubject, stages, topology } from "@nocp/shared/contracts/topology.ts";
import { type Broker, openBroker } from "@nocp/shared/messaging/broker.ts";
import { createPullSubscription, type PullSubscription } from "@nocp/shared/messaging/pull-subscription.ts";

export interface BarePipe {
  /** One message through all four streams and back. */
  send(body: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

/** Messages each stage may hold at once; the services' own default. */
const CONCURRENCY = 64;

export async function openBarePipe(natsUrl: string): Promise<BarePipe> {
  const config = loadConfig([natsSection, messagingSection]);
  const broker: Broker = await openBroker({
    nats: { ...config.section(natsSection), url: natsUrl },
    messaging: config.section(messagingSection),
    name: "bare-pipe",
    firstConnectTimeoutMs: 10_000,
  });
  await broker.provision();
  const { connection, jetstream } = broker;
  const subscriptions: PullSubscription[] = [];
  for (const stage of stages) {
    const [emitted] = topology[stage].emits;
    let running = 0;
    const subscription = createPullSubscription(connection, {
      stream: topology[stage].stream,
      durable: durableOf(stage, "interactive"),
      room: () => CONCURRENCY - running,
      onMessage: (message) => {
        running += 1;
        const requestId = message.subject.split(".").at(-1) ?? "";
        const subject =
          emitted === undefined || emitted === "response.ready"
            ? resultSubject(requestId)
            : factSubject(emitted, "interactive", requestId);
        void jetstream.publish(subject, message.body, { msgID: `${requestId}>${stage}` }).then(() => {
          message.settle("+ACK");
          running -= 1;
          subscription.refill();
        });
      },
      onProblem: (description) => process.stderr.write(`bare pipe: ${description}\n`),
    });
    subscriptions.push(subscription);
  }
  return {
    async send(body) {
      const requestId = randomUUID();
      const { promise, resolve } = Promise.withResolvers<void>();
      const subscription = connection.subscribe(resultSubject(requestId), { max: 1, callback: () => resolve() });
      await jetstream.publish(factSubject("request.submitted", "interactive", requestId), body, { msgID: requestId });
      await promise;
      subscription.unsubscribe();
    },
    async close() {
      for (const subscription of subscriptions) subscription.close();
      await broker.close();
    },
  };
}
