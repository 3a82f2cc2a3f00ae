// Sequences of a new stream begin at 1, and so do those of one that lost its place: counts of starts under them are those of
// other messages.
import { durableOf, queueLanes, stages, topologyOf } from "@nocp/contracts/topology.ts";
import type { Broker } from "./broker.ts";
import { keyValueStream } from "./expected-buckets.ts";
import type { TopologyChange } from "./provision.ts";
import { bucketName } from "./record-store.ts";
import { infoOrNothing } from "./stored-info.ts";

/** @param changes that were just made. */
export async function forgetStarts({ manager }: Pick<Broker, "manager">, changes: readonly TopologyChange[]): Promise<void> {
  const namesOf = (action: TopologyChange["action"]) =>
    new Set(changes.filter((change) => change.action === action).map(({ name }) => name));
  const made = namesOf("create");
  const renewed = namesOf("renew");
  const durables = stages.flatMap((stage) => {
    const { stream } = topologyOf(stage);
    const named = queueLanes.map((lane) => durableOf(stage, lane));
    // A consumer that is gone leaves the stream's sequences as they are.
    return named.filter((durable) => made.has(stream) || renewed.has(`${stream}/${durable}`));
  });
  const bucket = bucketName("attempts");
  if (durables.length === 0 || !(await infoOrNothing(() => manager.streams.info(keyValueStream(bucket))))) return;
  for (const durable of durables) await manager.streams.purge(keyValueStream(bucket), { filter: `$KV.${bucket}.${durable}.*` });
}
