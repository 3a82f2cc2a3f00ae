// One stage of the bare pipe: its stream and consumer, with a handler that does nothing.
//
// No validation, no spans, no counting, no leases, no records.
import { defaultTenant, durableOf, factSubject, resultSubject, type Stage, topology } from "@nocp/contracts/topology.ts";
import type { Broker } from "@nocp/runtime/transport/broker.ts";
import { createPullSubscription } from "@nocp/runtime/transport/pull-subscription.ts";

/** Who reads the messages: the loop with which NOCP's runtime pulls, or the NATS client's own `consume()`. */
export const readers = ["pull-loop", "client"] as const;
export type Reader = (typeof readers)[number];

export interface BareStage {
  close(): void;
}

/** Messages each stage may hold at once; the services' own default. */
const concurrency = 64;

export const startBareStage = (broker: Broker, stage: Stage, reader: Reader): Promise<BareStage> =>
  reader === "client" ? consumeBarely(broker, stage) : pullBarely(broker, stage);

async function consumeBarely({ jetstream }: Broker, stage: Stage): Promise<BareStage> {
  const pass = createPass(jetstream, stage);
  const consumer = await jetstream.consumers.get(topology[stage].stream, durableOf(stage, "interactive"));
  const messages = await consumer.consume({
    callback: (message) => void pass(message.subject, message.data).then(() => message.ack()),
  });
  return { close: () => void messages.close() };
}

async function pullBarely(broker: Broker, stage: Stage): Promise<BareStage> {
  const pass = createPass(broker.jetstream, stage);
  let running = 0;
  const subscription = createPullSubscription(broker, {
    stream: topology[stage].stream,
    durable: durableOf(stage, "interactive"),
    room: () => concurrency - running,
    onMessage: (message) => {
      running += 1;
      void pass(message.subject, message.payload).then(() => {
        message.ack();
        running -= 1;
        subscription.refill();
      });
    },
    onProblem: (description) => process.stderr.write(`bare pipe: ${description}\n`),
  });
  return subscription;
}

/** Publishes what came in as what the stage emits, and waits until it is stored. */
function createPass(jetstream: Broker["jetstream"], stage: Stage) {
  const [emitted] = topology[stage].emits;
  return (subject: string, body: Uint8Array) => {
    const requestId = subject.split(".").at(-1) ?? "";
    const request = { tenant: defaultTenant, lane: "interactive", requestId } as const;
    const next = emitted === "response.ready" ? resultSubject(request) : factSubject(emitted, request);
    return jetstream.publish(next, body, { msgID: `${requestId}>${stage}` });
  };
}
