// What the broker alone takes to store messages in one stream: as fast as it takes them, and one at a time.
import { randomUUID } from "node:crypto";
import { giveUpAfter, retry } from "@nocp/contracts/retry.ts";
import { defaultTenant, factSubject, topology } from "@nocp/contracts/topology.ts";
import { openPlainBroker } from "../load/open-plain-broker.ts";
import { distributionOf } from "../load/percentiles.ts";
import { runLoad } from "../load/run-load.ts";

/** A cluster that was just started has no leader. */
const electionTimeoutMs = 60_000;
const askAgainMs = 500;

export interface StoreTimes {
  /** Of one message after the other with more waiting: what a stream's throughput is bounded by, in milliseconds. */
  readonly storeMs: number;
  /** From publishing to the acknowledgement, with nothing else to do. */
  readonly aloneMs: number;
}

/** @param copies of the stream. */
export async function measureStore(natsUrl: string, copies: number, messages: number): Promise<StoreTimes> {
  const broker = await openPlainBroker(natsUrl, copies);
  const electedWithin = giveUpAfter(electionTimeoutMs);
  await retry(broker.provision, (error) => {
    if (electedWithin.aborted) throw error;
    return askAgainMs;
  });
  const body = new TextEncoder().encode(JSON.stringify({ text: "x".repeat(1500) }));
  const operation = async () => {
    const requestId = randomUUID();
    const subject = factSubject("request.submitted", { tenant: defaultTenant, lane: "interactive", requestId });
    await broker.jetstream.publish(subject, body, { msgID: requestId });
  };
  const { elapsedMs, latenciesMs } = await runLoad({
    requests: messages,
    warmUp: Math.ceil(messages / 4),
    concurrency: 64,
    operation,
  });
  const alone = await runLoad({ requests: Math.ceil(messages / 10), warmUp: 0, concurrency: 1, operation });
  // Services that come to this broker would take them for requests.
  await broker.manager.streams.purge(topology.act.stream);
  await broker.close();
  return { storeMs: elapsedMs / latenciesMs.length, aloneMs: distributionOf(alone.latenciesMs).p50 };
}
