// One stage of the bare pipe: its stream and consumer, with a handler that does nothing.
//
// Nothing but the NATS client: no validation, no spans, no counting, no leases, no records.
import { durableOf, factSubject, resultSubject, type Stage, topology } from "@nocp/shared/contracts/topology.ts";
import type { Broker } from "@nocp/shared/messaging/broker.ts";
import { createPullSubscription, type PullSubscription } from "@nocp/shared/messaging/pull-subscription.ts";

/** Messages each stage may hold at once; the services' own default. */
const CONCURRENCY = 64;

export function startBareStage({ connection, jetstream }: Broker, stage: Stage): PullSubscription {
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
  return subscription;
}
